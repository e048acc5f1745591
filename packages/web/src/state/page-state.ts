/** @module The part of the page that is shown, its address and its history. */
import { effect, signal } from '@preact/signals';
import { messages } from '../messages/messages.ts';
import { namesOf } from './names.ts';
import { decodePicture, digestInLink } from './picture-link.ts';
import { currentPlace, firstSeed, restorePlace, shelf, wantedTop } from './place.ts';
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
  return [page.value === 'how' ? 'page=how' : '', link.value].filter((part) => part !== '').join('&');
};
const address = (text: string) => (text === '' ? location.pathname + location.search : `#${text}`);

/** The address of what the stage shows. */
export const shareAddress = () => new URL(address(shownLink.value), location.href).href;

export function openPage(next: Page): void {
  if (page.value === next) return;
  history.replaceState(currentPlace(), '', address(fragment()));
  page.value = next;
  history.pushState(null, '', address(fragment()));
  scrollTo({ top: 0 });
}

function read(state: unknown): void {
  const text = location.hash.slice(1);
  const before = page.peek();
  page.value = text === 'studio' ? 'studio' : /(^|&)page=how(&|$)/.test(text) ? 'how' : 'gallery';
  const picture = decodePicture(text);
  wantedDigest.value = digestInLink(text);
  showPicture({ ...picture, model: picture.model ?? modelName.peek() }, playsFrom(text));
  if (picture.dogs.length === 0) startAttract();
  if (page.value === 'gallery' && before !== 'gallery') restorePlace(state);
}

/** Keeps the address and the history up to date: a pick is an entry of its own, everything else changes the latest one. */
function followState(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let picked = picks.peek();
  const write = () => history.replaceState(currentPlace(), '', address(fragment()));
  const writeSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(write, MILLISECONDS_BETWEEN);
  };
  effect(() => {
    const text = fragment();
    const isPick = picks.value !== picked;
    picked = picks.value;
    if (text === location.hash.slice(1)) return;
    if (!isPick) return writeSoon();
    clearTimeout(timer);
    history.pushState(currentPlace(), '', address(text));
  });
  effect(() => {
    if (shelf.value && firstSeed.value >= 0 && page.value === 'gallery') writeSoon();
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
  if (page.value === 'gallery') restorePlace(history.state);
  // This event also comes when a visitor edits the fragment.
  addEventListener('popstate', ({ state }) => read(state));
  followState();
  followTitle();
}
