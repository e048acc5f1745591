/** @module Makes the page work without a connection after the first visit, and finds new versions of it. */
import { effect, signal } from '@preact/signals';
import { modelAddress } from '../engine/catalogue.ts';
import { failure, maker, manifest, model } from '../engine/engine.ts';

/** The service worker of a version that is installed and waits; null if there is none. */
export const newVersion = signal<ServiceWorker | null>(null);

/** Follows a registration. A version found while no other one is in charge is this page's own. */
function watch(registration: ServiceWorkerRegistration | undefined): void {
  // A browser that automation controls may register nothing and not say so.
  if (!registration) return;
  const look = () => {
    if (registration.waiting && navigator.serviceWorker.controller) newVersion.value = registration.waiting;
  };
  look();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
  // A page that stays open for days asks when the visitor comes back to it.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') registration.update().catch(() => {});
  });
}

/** Puts the waiting version in charge and loads the page again with it. */
export function useNewVersion(): void {
  const { serviceWorker } = navigator;
  serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  newVersion.peek()?.postMessage({ kind: 'take-over' });
}

/** Registers the service worker. Once there are dogs, it caches the files they needed, which were loaded before it started. */
export function startOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  let isRegistered = false;
  effect(() => {
    // Its downloads would delay the first dogs.
    if (isRegistered || (maker.status.value.phase === 'loading' && failure.value === null)) return;
    isRegistered = true;
    navigator.serviceWorker.register('sw.js').then(watch, (error) => {
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
