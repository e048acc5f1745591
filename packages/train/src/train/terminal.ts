/** @module A progress bar hides the cursor and switches line wrapping off; however the process ends, both are switched on again. */
import { constants } from 'node:os';

const SHOW_CURSOR = '\x1b[?25h';
const WRAP_LINES = '\x1b[?7h';

/**
 * Restores the terminal when the process exits, or is ended by a signal that nothing else handles. Returns the function that ends this
 * watch.
 */
export function restoredAtExit(stream: NodeJS.WritableStream): () => void {
  const restore = () => void stream.write(`${SHOW_CURSOR}${WRAP_LINES}\n`);
  const end = (signal: NodeJS.Signals) => {
    // Training handles these signals itself: it writes a checkpoint first.
    if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  process.on('exit', restore);
  for (const signal of signals) process.on(signal, end);
  return () => {
    process.off('exit', restore);
    for (const signal of signals) process.off(signal, end);
  };
}
