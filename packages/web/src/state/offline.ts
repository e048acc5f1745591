/** @module Makes the page work without a connection after the first visit. */
import { effect } from '@preact/signals';
import { maker } from '../engine/engine.ts';

/** What the page has loaded from its own site so far, in and out of its workers; the service worker keeps what it should. */
function loadedAddresses(): string[] {
  return performance.getEntriesByType('resource').map(({ name }) => name);
}

/** Registers the service worker and, once there are dogs, has it keep the files they took. */
export function startOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  addEventListener('load', () => {
    navigator.serviceWorker.register('sw.js').catch((error) => {
      console.warn(`The page will not work offline: ${error.message}`);
    });
  });
  effect(() => {
    if (maker.status.value.phase !== 'ready') return;
    void navigator.serviceWorker.ready.then(({ active }) =>
      active?.postMessage({ kind: 'keep', addresses: loadedAddresses() }),
    );
  });
}
