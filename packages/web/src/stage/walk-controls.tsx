/** @module Slider, play and speed of the walk. */
import { messages } from '../messages/messages.ts';
import { legsOf } from '../state/picture-state.ts';
import { dogs, moveTo, playing, position, speed, togglePlaying } from '../state/stage-state.ts';
import { Icon } from '../ui/icons.tsx';

const SPEEDS = [0.5, 1, 2];

/** A component of its own, so that only the slider is rendered again at every step of a walk. */
function PositionSlider() {
  const text = messages.value;
  const all = dogs.value;
  const legs = legsOf(all.length);
  const at = position.value;
  const leg = Math.min(Math.floor(at), legs - 1);
  const from = text.dog(all[leg]!);
  const to = text.dog(all[(leg + 1) % all.length]!);
  return (
    <input
      class="position"
      type="range"
      min={0}
      max={legs}
      step={0.001}
      value={at}
      list={legs > 1 ? 'dogs-on-the-way' : undefined}
      aria-label={text.position}
      aria-valuetext={text.positionText(Math.round((at - leg) * 100), from, to)}
      onInput={(event) => moveTo(event.currentTarget.valueAsNumber)}
      onKeyDown={(event) => {
        // The slider's own step of a thousandth is too small to see.
        const steps: Record<string, number> = { ArrowRight: 0.02, ArrowUp: 0.02, ArrowLeft: -0.02, ArrowDown: -0.02 };
        const step = steps[event.key];
        if (step === undefined) return;
        event.preventDefault();
        moveTo(Math.min(legs, Math.max(0, position.peek() + step)));
      }}
    />
  );
}

export function WalkControls() {
  const text = messages.value;
  const legs = legsOf(dogs.value.length);
  if (legs === 0) return null;
  return (
    <div class="walk-controls">
      <button type="button" class="play" aria-label={playing.value ? text.pause : text.play} onClick={togglePlaying}>
        <Icon name={playing.value ? 'pause' : 'play'} />
      </button>
      <PositionSlider />
      <datalist id="dogs-on-the-way">
        {Array.from({ length: legs + 1 }, (_, i) => (
          <option key={i} value={i} />
        ))}
      </datalist>
      <label class="speed">
        <span class="hidden">{text.speed}</span>
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
    </div>
  );
}
