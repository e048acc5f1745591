/** @module Expensive work that is done once, by whoever needs it first. */

/**
 * Callers that come while `initialise` runs wait for that one run; its success is kept for ever, its failure is told to all
 * who waited and then forgotten, so that the next call tries again.
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
