/** @module Does work in small portions, so that a tap or a frame never waits for a page full of it. */

/** After so many milliseconds of work in one task, the rest waits for the next one. */
const PORTION = 8;

interface Portions {
  /** Calls `work` now if little was done in this task, else in a later one. @returns takes it back, if it still waits */
  readonly soon: (work: () => void) => () => void;
}

/**
 * @param nextTask calls its argument in a task of its own, soon
 * @param now milliseconds
 */
export function createPortions(nextTask: (run: () => void) => void, now: () => number): Portions {
  const waiting = new Set<() => void>();
  let spent = 0;
  let scheduled = false;
  const doNow = (work: () => void) => {
    const began = now();
    try {
      work();
    } finally {
      spent += now() - began;
    }
  };
  // Also without work that waits: the next task starts with nothing spent.
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    nextTask(() => {
      scheduled = false;
      spent = 0;
      if (waiting.size > 0) schedule();
      for (const work of waiting) {
        if (spent >= PORTION) break;
        waiting.delete(work);
        doNow(work);
      }
    });
  };
  return {
    soon: (work) => {
      schedule();
      if (waiting.size === 0 && spent < PORTION) {
        doNow(work);
        return () => {};
      }
      // Each call is work of its own, even if the function is the same.
      const own = () => work();
      waiting.add(own);
      return () => void waiting.delete(own);
    },
  };
}

const channel = new MessageChannel();
let run = () => {};
channel.port1.onmessage = () => run();

/** The page's own. */
export const { soon } = createPortions(
  (next) => {
    run = next;
    channel.port2.postMessage(null);
  },
  () => performance.now(),
);
