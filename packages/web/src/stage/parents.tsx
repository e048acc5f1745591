/** @module Two names: the first two dogs of the stage. They change while the visitor types. */

import { labelName } from '@latent-dogs/latent';
import { useSignal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { messages } from '../messages/messages.ts';
import { dogOf } from '../state/seed-text.ts';
import { attract, dogs, likesMotion, playing, setDogs } from '../state/stage-state.ts';
import { step } from '../state/step-state.ts';
import { Icon } from '../ui/icons.tsx';
import { SeedCanvas } from '../ui/seed-canvas.tsx';

interface Field {
  text: string;
  dog: string | null;
}

const EMPTY: Field = { text: '', dog: null };
const fieldOf = (dog: string | undefined): Field => (dog === undefined ? EMPTY : { text: labelName(dog), dog });

export function Parents() {
  const text = messages.value;
  const fields = useSignal<readonly [Field, Field]>([EMPTY, EMPTY]);
  const form = useRef<HTMLFormElement>(null);
  /** The dogs that this form has put on the stage, and how many of them are those of its two fields. */
  const written = useRef<{ dogs: readonly string[]; named: number }>({ dogs: [], named: 0 });
  /** Whether the page's history has an entry for what is being typed. */
  const entered = useRef(false);

  useSignalEffect(() => {
    if (dogs.value === written.current.dogs && !attract.value) return;
    const [first, second] = attract.value ? [] : dogs.value;
    fields.value = [fieldOf(first), fieldOf(second)];
  });

  const type = (index: 0 | 1, typed: string) => {
    const next: [Field, Field] = [...fields.value];
    next[index] = { text: typed, dog: dogOf(typed) };
    fields.value = next;
    const named = next.flatMap(({ dog }) => dog ?? []);
    const others = attract.value
      ? []
      : dogs.value.slice(written.current.dogs === dogs.value ? written.current.named : 2);
    const all = [...new Set([...named, ...others])];
    written.current = { dogs: all, named: new Set(named).size };
    setDogs(all, true, !entered.current);
    entered.current = true;
  };

  const submit = (event: Event) => {
    event.preventDefault();
    const empty = fields.value.findIndex(({ dog }) => dog === null);
    if (empty !== -1) {
      form.current!.querySelectorAll('input')[empty]!.focus();
      return;
    }
    // Puts the keyboard of a phone away.
    form.current!.querySelector('button')!.focus({ preventScroll: true });
    playing.value = likesMotion();
    step.value = 'puppies';
  };

  return (
    <form ref={form} class="parents" onSubmit={submit} aria-label={text.parents}>
      <p class="tagline">{text.tagline}</p>
      {fields.value.map((field, index) => (
        <label key={index} class="parent">
          <span class="hidden">{index === 0 ? text.firstName : text.secondName}</span>
          <span class="preview">
            {field.dog === null ? <Icon name="paw" filled /> : <SeedCanvas label={field.dog} side={32} />}
          </span>
          <input
            type="text"
            maxLength={64}
            autocomplete="off"
            autocapitalize="words"
            spellcheck={false}
            enterkeyhint={index === 0 ? 'next' : 'go'}
            value={field.text}
            placeholder={index === 0 ? text.firstExample : text.secondExample}
            onFocus={() => {
              entered.current = false;
            }}
            onInput={(event) => type(index as 0 | 1, event.currentTarget.value)}
          />
        </label>
      ))}
      <button type="submit" class="strong">
        <span>{text.seePuppy}</span>
        <Icon name="forward" />
      </button>
    </form>
  );
}
