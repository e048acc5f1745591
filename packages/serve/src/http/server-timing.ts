/** @module The `Server-Timing` header. */

/** Collects how long the stages of one request took. In Workers the clock stands still while code runs: they read 0. */
export class ServerTiming {
  readonly #stages = new Map<string, number>();

  /** Adds the milliseconds until `work` is done to a stage. */
  async measure<Value>(stage: string, work: () => Promise<Value>): Promise<Value> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#stages.set(stage, (this.#stages.get(stage) ?? 0) + performance.now() - start);
    }
  }

  get header(): string {
    return Array.from(this.#stages, ([stage, duration]) => `${stage};dur=${duration.toFixed(1)}`).join(', ');
  }
}
