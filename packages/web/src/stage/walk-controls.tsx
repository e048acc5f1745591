/** @module Plays the walk, or the orbit of a mixture, and shows where the walk is. */

import { labelName } from '@latent-dogs/latent';
import { messages } from '../messages/messages.ts';
import { legsOf } from '../state/picture-state.ts';
import { dogs, moveTo, playing, position, togglePlaying, view } from '../state/stage-state.ts';
import { Icon } from '../ui/icons.tsx';

/** A component of its own, so that only the slider is rendered again at every step of a walk. */
function PositionSlider() {
  const text = messages.value;
  const all = dogs.value;
  const legs = legsOf(all.length);
  const at = position.value;
  const leg = Math.min(Math.floor(at), legs - 1);
  // Its place is kept, so that nothing moves when the second dog is picked.
  if (legs === 0) return <input class="position" type="range" disabled aria-label={text.position} />;
  const from = text.dog(labelName(all[leg]!));
  const to = text.dog(labelName(all[(leg + 1) % all.length]!));
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
  return (
    <div class="walk-controls">
      <button
        type="button"
        class="play"
        aria-label={playing.value ? text.pause : text.play}
        disabled={legs === 0}
        onClick={togglePlaying}
      >
        <Icon name={playing.value ? 'pause' : 'play'} />
      </button>
      {view.value === 'mix' ? <span class="position">{text.orbitHint}</span> : <PositionSlider />}
      <datalist id="dogs-on-the-way">
        {Array.from({ length: legs + 1 }, (_, i) => (
          <option key={i} value={i} />
        ))}
      </datalist>
    </div>
  );
}
