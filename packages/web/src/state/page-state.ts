/** @module The part of the page that is shown, and its address. */
import { effect, signal } from '@preact/signals';
import { decodePicture, digestInLink } from './picture-link.ts';
import { link, modelName, playing, showPicture, startAttract, wantedDigest } from './stage-state.ts';

export type Page = 'gallery' | 'how' | 'studio';

export const page = signal<Page>('gallery');

/** Browsers limit how often an address may change: Safari allows 100 changes in 30 seconds. */
const MILLISECONDS_BETWEEN = 400;

const fragment = () => {
  if (page.value === 'studio') return 'studio';
  return [page.value === 'how' ? 'page=how' : '', link.value].filter((part) => part !== '').join('&');
};
const address = (text: string) => (text === '' ? location.pathname + location.search : `#${text}`);

/** The address of exactly what the page shows. */
export const shareAddress = () => new URL(address(fragment()), location.href).href;

export function openPage(next: Page): void {
  if (page.value === next) return;
  page.value = next;
  history.pushState(null, '', address(fragment()));
  scrollTo({ top: 0 });
}

function read(): void {
  const text = location.hash.slice(1);
  page.value = text === 'studio' ? 'studio' : /(^|&)page=how(&|$)/.test(text) ? 'how' : 'gallery';
  const picture = decodePicture(text);
  wantedDigest.value = digestInLink(text);
  showPicture({ ...picture, model: picture.model ?? modelName.peek() });
  if (picture.dogs.length === 0) startAttract();
}

/** Shows what the address says, and updates the address when that changes, except while a walk plays. */
export function startPageState(): void {
  read();
  // This event also comes when a visitor edits the fragment.
  addEventListener('popstate', read);
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    if (playing.value) return;
    const text = fragment();
    clearTimeout(timer);
    if (text === location.hash.slice(1)) return;
    timer = setTimeout(() => {
      history.replaceState(null, '', address(text));
    }, MILLISECONDS_BETWEEN);
  });
}
