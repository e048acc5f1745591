/** @module The visitor's favourites, stored on the device. */
import { computed, signal } from '@preact/signals';
import { messages } from '../messages/messages.ts';
import { keep, recall } from '../state/device-storage.ts';
import { notify } from '../state/notice.ts';
import { encodePicture } from '../state/picture-link.ts';
import { EMPTY_PICTURE } from '../state/picture-state.ts';
import { dogs, modelName, picture, truncation } from '../state/stage-state.ts';
import { decodeFavourites, encodeFavourites, MOST_FAVOURITES, mergeFavourites } from './favourite-list.ts';

const KEY = 'latent-dogs/favourites';

/** Link fragments, newest first. */
export const favourites = signal<readonly string[]>([]);

/** Loads the stored favourites, and follows changes made in other tabs. */
export function startFavourites(): void {
  const read = (stored: string | null) => {
    const found = decodeFavourites(stored ?? '');
    favourites.value = Array.isArray(found) ? found : [];
  };
  read(recall(KEY));
  addEventListener('storage', ({ key, newValue }) => {
    if (key === KEY) read(newValue);
  });
}

function setFavourites(next: readonly string[]): void {
  favourites.value = next;
  if (!keep(KEY, encodeFavourites(next))) notify(messages.value.storageFull);
}

export function toggleFavourite(fragment: string): void {
  const before = favourites.value;
  if (before.includes(fragment)) setFavourites(before.filter((other) => other !== fragment));
  else if (before.length >= MOST_FAVOURITES) notify(messages.value.leftOut(1, MOST_FAVOURITES));
  else setFavourites([fragment, ...before]);
}

const fragmentOfDog = (label: string) =>
  encodePicture({ ...EMPTY_PICTURE, dogs: [label], model: modelName.value, truncation: truncation.value });

/** Whether a dog is a favourite as the grid shows it. */
export const isFavouriteDog = (label: string) => favouriteSet.value.has(fragmentOfDog(label));
const favouriteSet = computed(() => new Set(favourites.value));

export const toggleFavouriteDog = (label: string) => toggleFavourite(fragmentOfDog(label));

export const stageIsFavourite = computed(
  () => dogs.value.length > 0 && favouriteSet.value.has(encodePicture(picture.value)),
);

/** Adds the favourites of a file. @returns what to tell the visitor */
export function addFavourites(file: string): string {
  const text = messages.value;
  const found = decodeFavourites(file);
  if (found === null) return text.notFavourites;
  if (found === 'newer') return text.newerFavourites;
  const { all, added, leftOut } = mergeFavourites(favourites.value, found);
  if (added > 0) setFavourites(all);
  return [text.imported(added), leftOut > 0 ? text.leftOut(leftOut, MOST_FAVOURITES) : ''].filter(Boolean).join(' ');
}
