/** @module Jobs that wait for the generator, the most urgent first. */

/** The dog on the stage; dogs on the screen; dogs that may be needed soon. */
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
   * Takes up to `most` jobs out, the oldest of the most urgent lane first. If there are live jobs, only those are taken,
   * so that they never wait for others in their batch.
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
