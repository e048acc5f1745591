/** @module The picked dogs in order, each with a button to put it back. */
import { messages } from '../messages/messages.ts';
import { attract, dogs, moveTo, toggleDog, view } from '../state/stage-state.ts';
import { Icon } from '../ui/icons.tsx';
import { SeedCanvas } from '../ui/seed-canvas.tsx';

export function Filmstrip() {
  const text = messages.value;
  // The pad shows the dogs in its corners.
  if (attract.value || dogs.value.length === 0 || view.value === 'mix') return null;
  return (
    <ol class="filmstrip" aria-label={text.walkLabel}>
      {dogs.value.map((label, i) => (
        <li key={label}>
          <button type="button" class="frame" aria-label={text.dog(label)} onClick={() => moveTo(i)}>
            <SeedCanvas label={label} side={44} />
          </button>
          <button type="button" class="put-back" aria-label={text.remove(label)} onClick={() => toggleDog(label)}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ol>
  );
}
