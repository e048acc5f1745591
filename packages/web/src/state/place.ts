/** @module Where the visitor is in the gallery. The page's history remembers it, for Back and for a reload. */
import { signal } from '@preact/signals';

export type Shelf = 'all' | 'favourites';

export const shelf = signal<Shelf>('all');
/** The seed that the grid begins with. */
export const firstSeed = signal(1);
/** Where the window is to scroll as soon as the gallery is tall enough, CSS pixels; null if it is to stay. */
export const wantedTop = signal<number | null>(null);

interface Place {
  top: number;
  shelf: Shelf;
  firstSeed: number;
}

/** For `history.pushState` and `replaceState`. */
export const currentPlace = (): Place => ({
  top: wantedTop.peek() ?? scrollY,
  shelf: shelf.peek(),
  firstSeed: firstSeed.peek(),
});

/** @param state of a history entry, which may be of an earlier version of this page */
export function restorePlace(state: unknown): void {
  const place = state as Partial<Place> | null;
  if (typeof place?.top !== 'number' || !Number.isInteger(place.firstSeed)) return;
  shelf.value = place.shelf === 'favourites' ? 'favourites' : 'all';
  firstSeed.value = place.firstSeed!;
  wantedTop.value = place.top;
}
