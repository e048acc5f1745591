/** @module How fast a training goes. */

/** The pace is that of this time, milliseconds. */
const WINDOW = 10_000;
/** At most so often it is told. */
const BETWEEN = 250;

export class Pace {
  imagesSeen: number;
  readonly #batch: number;
  /** When the latest steps ended, milliseconds. */
  readonly #ends: number[] = [];
  #toldAt = Number.NEGATIVE_INFINITY;

  /** @param batch images in a step. @param imagesSeen before the first step. */
  constructor(batch: number, imagesSeen: number) {
    this.#batch = batch;
    this.imagesSeen = imagesSeen;
  }

  /** Counts a step that ended `now`; returns the progress if it is time to tell it, else null. */
  step(now: number): { imagesSeen: number; imagesPerSecond: number } | null {
    this.imagesSeen += this.#batch;
    this.#ends.push(now);
    while (this.#ends.length > 2 && now - this.#ends[0]! > WINDOW) this.#ends.shift();
    if (now - this.#toldAt < BETWEEN) return null;
    this.#toldAt = now;
    const steps = this.#ends.length - 1;
    const imagesPerSecond = steps === 0 ? 0 : (1000 * steps * this.#batch) / (now - this.#ends[0]!);
    return { imagesSeen: this.imagesSeen, imagesPerSecond };
  }
}
