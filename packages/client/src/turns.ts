/** @module Runs of one session: in turn, or side by side where ONNX Runtime can do that. */

/** Gives `work` its turn after all earlier ones. A signal that is aborted before its turn or meanwhile rejects at once. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<Value>(work: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    const result = this.#last.then(() => {
      signal?.throwIfAborted();
      return work();
    });
    this.#last = result.catch(() => {});
    return signal ? orAborted(result, signal) : result;
  }

  /** Resolves when all work so far is done. */
  async idle(): Promise<void> {
    await this.#last;
  }
}

/** As `Turns`, but work begins at once. */
export class SideBySide {
  readonly #running = new Set<Promise<unknown>>();

  take<Value>(work: () => Promise<Value>, signal: AbortSignal): Promise<Value> {
    const result = work();
    this.#running.add(result);
    result.catch(() => {}).finally(() => this.#running.delete(result));
    return orAborted(result, signal);
  }

  /** Resolves when all work so far is done. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }
}

export function orAborted<Value>(result: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
