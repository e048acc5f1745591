/** @module The picked dogs in order, each with a button to put it back. */

import { labelName } from '@latent-dogs/latent';
import { useRef } from 'preact/hooks';
import { messages } from '../messages/messages.ts';
import { attract, dogs, moveTo, toggleDog, view } from '../state/stage-state.ts';
import { Icon } from '../ui/icons.tsx';
import { SeedCanvas } from '../ui/seed-canvas.tsx';

/** The dog that has moved up, or else the one before it, or the first name. */
function focusAfterRemoval(list: HTMLElement | null, index: number): void {
  const left = list?.querySelectorAll<HTMLElement>('.put-back');
  (left?.[Math.min(index, left.length - 1)] ?? document.querySelector<HTMLElement>('.parents input'))?.focus();
}

export function Filmstrip() {
  const text = messages.value;
  const list = useRef<HTMLOListElement>(null);
  // The pad shows the dogs in its corners.
  if (attract.value || dogs.value.length === 0 || view.value === 'mix') return null;
  return (
    <ol ref={list} class="filmstrip" aria-label={text.walkLabel}>
      {dogs.value.map((label, i) => (
        <li key={label}>
          <button type="button" class="frame" aria-label={text.dog(labelName(label))} onClick={() => moveTo(i)}>
            <SeedCanvas label={label} side={44} />
          </button>
          <button
            type="button"
            class="put-back"
            aria-label={text.remove(labelName(label))}
            onClick={() => {
              toggleDog(label);
              requestAnimationFrame(() => focusAfterRemoval(list.current, i));
            }}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ol>
  );
}
