/** @module Expensive initialisation, run once on first use. */

/**
 * Concurrent callers share one run of `initialise`. A success is kept; a failure rejects all waiting callers, and the next
 * call tries again.
 */
export function sharedInitialisation<Value>(initialise: () => Promise<Value>): () => Promise<Value> {
  let pending: Promise<Value> | undefined;
  return () => {
    pending ??= initialise().catch((error: unknown) => {
      pending = undefined;
      throw error;
    });
    return pending;
  };
}
