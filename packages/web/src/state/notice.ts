/** @module One short message at a time, shown on the page and announced by screen readers. */
import { signal } from '@preact/signals';

const SECONDS = 6;

export const notice = signal('');
let timer: ReturnType<typeof setTimeout> | undefined;

export function notify(text: string): void {
  clearTimeout(timer);
  notice.value = text;
  timer = setTimeout(() => {
    notice.value = '';
  }, SECONDS * 1000);
}
