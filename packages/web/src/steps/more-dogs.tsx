/** @module More dogs for the walk, its speed, and a fresh start. */
import { useSignal } from '@preact/signals';
import { messages } from '../messages/messages.ts';
import { Filmstrip } from '../stage/filmstrip.tsx';
import { dogOf } from '../state/seed-text.ts';
import { clearStage, dogs, pickDog, speed } from '../state/stage-state.ts';
import { wide } from '../ui/wide.ts';

const SPEEDS = [0.5, 1, 2];

export function MoreDogs() {
  const typed = useSignal('');
  const text = messages.value;
  const dog = dogOf(typed.value);
  return (
    <>
      {!wide.value && <Filmstrip />}
      <form
        class="add-dog"
        onSubmit={(event) => {
          event.preventDefault();
          if (dog === null) return;
          pickDog(dog);
          typed.value = '';
        }}
      >
        <input
          type="text"
          maxLength={64}
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="done"
          value={typed.value}
          placeholder={text.anotherName}
          aria-label={text.anotherName}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
        <button type="submit" class="strong" disabled={dog === null}>
          {text.add}
        </button>
      </form>
      <div class="panel-bar">
        <label class="speed">
          <span>{text.speed}</span>
          <select
            value={speed.value}
            onChange={(event) => {
              speed.value = Number(event.currentTarget.value);
            }}
          >
            {SPEEDS.map((choice) => (
              <option key={choice} value={choice}>
                {choice}×
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="quiet"
          disabled={dogs.value.length === 0}
          onClick={() => {
            clearStage();
            document.querySelector<HTMLElement>('.parents input')?.focus();
          }}
        >
          {text.clear}
        </button>
      </div>
    </>
  );
}
