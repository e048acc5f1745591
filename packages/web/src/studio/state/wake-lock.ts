/** @module Keeps the screen on while the page trains, where the browser can. */

let wanted = false;
let lock: WakeLockSentinel | null = null;

async function request(): Promise<void> {
  if (!wanted || lock || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
  try {
    lock = await navigator.wakeLock.request('screen');
    // Browsers take it back when the page is hidden.
    lock.addEventListener('release', () => {
      lock = null;
    });
    if (!wanted) void lock.release();
  } catch {
    // Refused, for example at low battery: training goes on as long as the device does.
  }
}

export function keepAwake(now: boolean): void {
  wanted = now;
  if (now) void request();
  else void lock?.release();
}

document.addEventListener('visibilitychange', () => void request());
