/** @module What waits for the generator, the most urgent first. */

/** The dog in hand; what is on the screen; what may soon be. */
export type Lane = 'live' | 'seen' | 'ahead';

const LANES: readonly Lane[] = ['live', 'seen', 'ahead'];

export class WorkQueue<Job> {
  readonly #lanes: Record<Lane, Set<Job>> = { live: new Set(), seen: new Set(), ahead: new Set() };

  add(job: Job, lane: Lane): void {
    this.#lanes[lane].add(job);
  }

  remove(job: Job): void {
    for (const lane of LANES) this.#lanes[lane].delete(job);
  }

  /**
   * Takes up to `most` jobs out, the oldest of the most urgent lane first. A live job never waits for others in its batch:
   * where there is one, only live ones are taken.
   */
  take(most: number): Job[] {
    const taken: Job[] = [];
    for (const lane of LANES) {
      for (const job of this.#lanes[lane]) {
        if (taken.length === most) return taken;
        this.#lanes[lane].delete(job);
        taken.push(job);
      }
      if (lane === 'live' && taken.length > 0) return taken;
    }
    return taken;
  }

  get size(): number {
    return LANES.reduce((sum, lane) => sum + this.#lanes[lane].size, 0);
  }
}
