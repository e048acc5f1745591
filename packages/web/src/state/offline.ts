/** @module Makes the page work without a connection after the first visit. */
import { effect } from '@preact/signals';
import { modelAddress } from '../engine/catalogue.ts';
import { maker, manifest, model } from '../engine/engine.ts';

/** Registers the service worker. Once there are dogs, it caches the files they needed, which were loaded before it started. */
export function startOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  addEventListener('load', () => {
    navigator.serviceWorker.register('sw.js').catch((error) => {
      console.warn(`The page will not work offline: ${error.message}`);
    });
  });
  effect(() => {
    const status = maker.status.value;
    const entry = model.value;
    if (status.phase !== 'ready' || !entry) return;
    const sheets = (entry.local ? [] : (manifest.value?.timelapse ?? [])).map(({ file }) => modelAddress(entry, file));
    void navigator.serviceWorker.ready.then(({ active }) =>
      active?.postMessage({ kind: 'keep', addresses: [...status.files, ...sheets] }),
    );
  });
}
