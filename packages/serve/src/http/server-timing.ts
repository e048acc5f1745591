/** @module The `Server-Timing` header. */

/** Durations of the stages of one request. In Workers the clock stops while code runs, so they are 0. */
export class ServerTiming {
  readonly #stages = new Map<string, number>();

  /** Adds the duration of `work` to a stage. */
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
