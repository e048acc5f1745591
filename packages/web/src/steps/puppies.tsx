/** @module The puppies of the two dogs on the stage, or of the parents of the puppy there. */

import { canBreed, childLabel, LITTER, labelName, parseChild } from '@latent-dogs/latent';
import { messages } from '../messages/messages.ts';
import { attract, dogs, showDog } from '../state/stage-state.ts';
import { SeedCanvas } from '../ui/seed-canvas.tsx';

function parentsOf(all: readonly string[]): readonly [string, string] | null {
  if (all.length > 1) return [all[0]!, all[1]!];
  return parseChild(all[0] ?? '')?.parents ?? null;
}

export function Puppies() {
  const text = messages.value;
  const parents = attract.value ? null : parentsOf(dogs.value);
  if (!parents) return <p class="hint">{text.needParents}</p>;
  const [first, second] = parents;
  if (!canBreed(first, second)) return <p class="hint">{text.tooManyGenerations}</p>;
  const labels = Array.from({ length: LITTER }, (_, i) => childLabel(first, second, i + 1));
  return (
    <>
      <ul class="litter" aria-label={text.litterOf(labelName(first), labelName(second))}>
        {labels.map((label, i) => (
          <li key={label}>
            <button
              type="button"
              class="frame"
              aria-label={text.puppy(i + 1)}
              aria-pressed={dogs.value.includes(label)}
              onClick={() => showDog(label)}
            >
              <SeedCanvas label={label} side={76} />
            </button>
          </li>
        ))}
      </ul>
      {dogs.value.length === 1 && <p class="hint">{text.breedOn}</p>}
    </>
  );
}
