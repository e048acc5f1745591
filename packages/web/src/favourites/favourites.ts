/** @module The visitor's favourites, stored on the device. */
import { computed, signal } from '@preact/signals';
import { messages } from '../messages/messages.ts';
import { keep, recall } from '../state/device-storage.ts';
import { notify } from '../state/notice.ts';
import { encodePicture } from '../state/picture-link.ts';
import { EMPTY_PICTURE } from '../state/picture-state.ts';
import { dogs, modelName, picture, truncation } from '../state/stage-state.ts';
import { decodeFavourites, encodeFavourites } from './favourite-list.ts';

const KEY = 'latent-dogs/favourites';

/** Link fragments, newest first. */
export const favourites = signal<readonly string[]>([]);

/** Loads the stored favourites, and follows changes made in other tabs. */
export function startFavourites(): void {
  favourites.value = decodeFavourites(recall(KEY) ?? '') ?? [];
  addEventListener('storage', ({ key, newValue }) => {
    if (key === KEY) favourites.value = decodeFavourites(newValue ?? '') ?? [];
  });
}

function setFavourites(next: readonly string[]): void {
  favourites.value = next;
  if (!keep(KEY, encodeFavourites(next))) notify(messages.value.storageFull);
}

export function toggleFavourite(fragment: string): void {
  const before = favourites.value;
  setFavourites(before.includes(fragment) ? before.filter((other) => other !== fragment) : [fragment, ...before]);
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

/** @returns how many were new, or null if the file holds no favourites */
export function addFavourites(text: string): number | null {
  const added = decodeFavourites(text);
  if (added === null) return null;
  const before = new Set(favourites.value);
  const fresh = added.filter((fragment) => !before.has(fragment));
  if (fresh.length > 0) setFavourites([...fresh, ...favourites.value]);
  return fresh.length;
}
