/** @module The part of the page that is shown, its address and its history. */
import { batch, effect, signal } from '@preact/signals';
import { messages } from '../messages/messages.ts';
import { namesOf } from './names.ts';
import { decodePicture, digestInLink } from './picture-link.ts';
import { currentTop, encodePlace, moves, readPlace, restoreTop, wantedTop } from './place.ts';
import { playsFrom } from './stage-link.ts';
import {
  attract,
  dogs,
  link,
  modelName,
  picks,
  shownLink,
  showPicture,
  startAttract,
  view,
  wantedDigest,
} from './stage-state.ts';

export type Page = 'gallery' | 'how' | 'studio';

export const page = signal<Page>('gallery');

/** Browsers limit how often an address may change: Safari allows 100 changes in 30 seconds. */
const MILLISECONDS_BETWEEN = 400;

const fragment = () => {
  if (page.value === 'studio') return 'studio';
  return [page.value === 'how' ? 'page=how' : '', link.value, encodePlace()].filter(Boolean).join('&');
};
const address = (text: string) => (text === '' ? location.pathname + location.search : `#${text}`);

/** The address of what the stage shows. */
export const shareAddress = () => new URL(address(shownLink.value), location.href).href;

export function openPage(next: Page): void {
  if (page.value === next) return;
  history.replaceState(currentTop(), '', address(fragment()));
  page.value = next;
  history.pushState(null, '', address(fragment()));
  scrollTo({ top: 0 });
}

function read(state: { readonly top?: unknown } | null): void {
  const text = location.hash.slice(1);
  const before = page.peek() + encodePlace();
  batch(() => {
    page.value = text === 'studio' ? 'studio' : /(^|&)page=how(&|$)/.test(text) ? 'how' : 'gallery';
    const picture = decodePicture(text);
    wantedDigest.value = digestInLink(text);
    showPicture({ ...picture, model: picture.model ?? modelName.peek() }, playsFrom(text));
    if (picture.dogs.length === 0) startAttract();
    readPlace(text);
  });
  // Back to another dog leaves the window where it is.
  if (page.value === 'gallery' && before !== page.value + encodePlace()) restoreTop(state);
}

/**
 * Keeps the address and the history up to date: a pick, another shelf and other dogs are entries of their own, everything else
 * changes the latest one.
 */
function followState(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let steps = picks.peek() + moves.peek();
  const write = () => history.replaceState(currentTop(), '', address(fragment()));
  const writeSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(write, MILLISECONDS_BETWEEN);
  };
  effect(() => {
    const text = fragment();
    const before = steps;
    steps = picks.value + moves.value;
    if (text === location.hash.slice(1)) return;
    if (steps === before) return writeSoon();
    clearTimeout(timer);
    history.replaceState(currentTop(), '');
    history.pushState(currentTop(), '', address(text));
  });
  addEventListener('scroll', () => page.peek() === 'gallery' && wantedTop.peek() === null && writeSoon(), {
    passive: true,
  });
}

function followTitle(): void {
  effect(() => {
    const text = messages.value;
    const titles = { gallery: '', how: text.howItWorks, studio: text.makeYourOwn };
    const names = attract.value ? '' : namesOf(dogs.value, view.value);
    document.title = [page.value === 'gallery' ? names : titles[page.value], text.title].filter(Boolean).join(' · ');
  });
}

/** Shows what the address says, and follows what the visitor does. */
export function startPageState(): void {
  history.scrollRestoration = 'manual';
  read(null);
  if (page.value === 'gallery') restoreTop(history.state);
  // This event also comes when a visitor edits the fragment.
  addEventListener('popstate', ({ state }) => read(state));
  followState();
  followTitle();
}
