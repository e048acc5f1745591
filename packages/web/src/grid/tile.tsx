/** @module One dog of the grid. */
import { isFavouriteDog, toggleFavouriteDog } from '../favourites/favourites.ts';
import { messages } from '../messages/messages.ts';
import { notify } from '../state/notice.ts';
import { attract, dogs, morphBetween, toggleDog } from '../state/stage-state.ts';
import { Icon } from '../ui/icons.tsx';
import { SeedCanvas } from '../ui/seed-canvas.tsx';
import { dropTarget, startDrag } from './dragged-dog.ts';

interface TileProps {
  label: string;
  /** Position in the grid, from 0. */
  index: number;
  /** CSS pixels. */
  side: number;
  /** Whether the Tab key stops here. */
  entry: boolean;
  /** Whether it is in the window: those dogs are made first. */
  visible: boolean;
}

export function Tile({ label, index, side, entry, visible }: TileProps) {
  const text = messages.value;
  const order = attract.value ? 0 : dogs.value.indexOf(label) + 1;
  const kept = isFavouriteDog(label);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot leave rows out
    // biome-ignore lint/a11y/useFocusableInteractive: the button inside takes the focus
    <div class="cell" role="gridcell">
      <button
        type="button"
        class="tile"
        data-index={index}
        tabIndex={entry ? 0 : -1}
        aria-pressed={order > 0}
        aria-label={order > 0 ? `${text.dog(label)}, ${text.picked(order)}` : text.dog(label)}
        aria-keyshortcuts="F"
        draggable
        onClick={() => toggleDog(label)}
        onKeyDown={(event) => {
          if (event.key.toLowerCase() !== 'f' || event.ctrlKey || event.metaKey) return;
          toggleFavouriteDog(label);
          notify(isFavouriteDog(label) ? text.kept(label) : text.unkept(label));
        }}
        onDragStart={(event) => startDrag(event, label)}
        {...dropTarget((dropped) => morphBetween(dropped, label))}
      >
        <SeedCanvas label={label} side={side} lane={visible ? 'seen' : 'ahead'} />
        <span class="number">{label}</span>
        {order > 0 && <span class="order">{order}</span>}
      </button>
      <button
        type="button"
        class={kept ? 'heart kept' : 'heart'}
        tabIndex={-1}
        aria-pressed={kept}
        aria-label={`${text.dog(label)}: ${kept ? text.unkeep : text.keep}`}
        onClick={() => toggleFavouriteDog(label)}
      >
        <Icon name="heart" filled={kept} />
      </button>
    </div>
  );
}
