/** @module The part of the page with many dogs: all of them, or the favourites. */
import { favourites } from '../favourites/favourites.ts';
import { FavouritesGrid } from '../favourites/favourites-grid.tsx';
import { messages } from '../messages/messages.ts';
import { firstSeed, goTo, type Shelf, shelf } from '../state/place.ts';
import { Icon } from '../ui/icons.tsx';
import { EndlessGrid } from './endless-grid.tsx';

/** Small enough to be easy to read out. */
const randomStart = () => crypto.getRandomValues(new Uint32Array(1))[0]! % 1_000_000;

export function Browse() {
  const text = messages.value;
  const choices: readonly { name: Shelf; label: string }[] = [
    { name: 'all', label: text.allDogs },
    { name: 'favourites', label: `${text.favourites} ${favourites.value.length || ''}`.trim() },
  ];
  return (
    <section class="browse" id="dogs" tabIndex={-1} aria-label={text.gallery}>
      <div class="browse-bar">
        <fieldset class="views">
          <legend class="hidden">{text.gallery}</legend>
          {choices.map(({ name, label }) => (
            <label key={name}>
              <input
                type="radio"
                name="shelf"
                checked={shelf.value === name}
                onChange={() => goTo(name, firstSeed.peek())}
              />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
        {shelf.value === 'all' && (
          <button
            type="button"
            class="quiet shuffle"
            title={text.shuffleHint}
            onClick={() => goTo('all', randomStart())}
          >
            <Icon name="shuffle" />
            <span>{text.shuffle}</span>
          </button>
        )}
      </div>
      {shelf.value === 'all' ? <EndlessGrid /> : <FavouritesGrid />}
    </section>
  );
}
