/** @module How fast training goes: a mean over the last minutes, so that the time left does not jump from step to step. */

/** After so many seconds a measurement counts half. */
const HALF_LIFE = 60;

export class Pace {
  #images = 0;
  #seconds = 0;
  #last: { imagesSeen: number; at: number };

  /** @param start images seen before. */
  constructor(start: number) {
    this.#last = { imagesSeen: start, at: performance.now() };
  }

  /** Adds the images since the last call, and all the time that passed, with evaluations and checkpoints. */
  add(imagesSeen: number): void {
    const at = performance.now();
    const seconds = (at - this.#last.at) / 1_000;
    const kept = 0.5 ** (seconds / HALF_LIFE);
    // After a roll-back there are fewer.
    this.#images = this.#images * kept + Math.max(0, imagesSeen - this.#last.imagesSeen);
    this.#seconds = this.#seconds * kept + seconds;
    this.#last = { imagesSeen, at };
  }

  /** Images per second; 0 if unknown. */
  get perSecond(): number {
    return this.#seconds > 0 ? this.#images / this.#seconds : 0;
  }
}
