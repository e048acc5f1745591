/** @module Where the visitor is in the gallery: its address has the shelf and the first dog, its history how far it is scrolled. */
import { batch, signal } from '@preact/signals';

export type Shelf = 'all' | 'favourites';

export const shelf = signal<Shelf>('all');
const FIRST = 1;
const SEEDS = 2 ** 32;
/** The seed that the grid begins with. */
export const firstSeed = signal(FIRST);
/** Where the window is to scroll as soon as the gallery is tall enough, CSS pixels; null if it is to stay. */
export const wantedTop = signal<number | null>(null);

/** How often the visitor went to another shelf or to other dogs: each time is an entry of the page's history. */
export const moves = signal(0);

export function goTo(nextShelf: Shelf, nextSeed: number): void {
  batch(() => {
    moves.value += 1;
    shelf.value = nextShelf;
    firstSeed.value = nextSeed;
  });
}

/** The part of the address: shelf=favourites, from=123; empty where the gallery begins. */
export const encodePlace = () =>
  [shelf.value === 'favourites' ? 'shelf=favourites' : '', firstSeed.value === FIRST ? '' : `from=${firstSeed.value}`]
    .filter(Boolean)
    .join('&');

/** Reads what `encodePlace` wrote, from the whole fragment. Illegal parts are ignored. */
export function readPlace(fragment: string): void {
  shelf.value = /(^|&)shelf=favourites(&|$)/.test(fragment) ? 'favourites' : 'all';
  const from = Number(/(?:^|&)from=(\d+)(?:&|$)/.exec(fragment)?.[1] ?? FIRST);
  firstSeed.value = from < SEEDS ? from : FIRST;
}

/** For `history.pushState` and `replaceState`. */
export const currentTop = () => ({ top: wantedTop.peek() ?? scrollY });

/** @param state of a history entry, which may be of an earlier version of this page */
export function restoreTop(state: { readonly top?: unknown } | null): void {
  if (typeof state?.top === 'number') wantedTop.value = state.top;
}
