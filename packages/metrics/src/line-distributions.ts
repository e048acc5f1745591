/** @module Distributions of numbers on many lines, and the Wasserstein distance between them, without sorting. */

/** Bins between -RANGE and RANGE. One more bin on each side takes the values beyond. */
const BINS = 2_048;
const RANGE = 12;
const WIDTH = (2 * RANGE) / BINS;
const PER_UNIT = 1 / WIDTH;
const ALL = BINS + 2;

/**
 * Counts and sums of the values in each bin. The Wasserstein-1 distance on a line is the area between two distribution
 * functions. Counts and sums give that area exactly, except in bins where the functions cross: there it comes out slightly
 * too small. The error is a thousandth for two samples of one distribution, whose functions cross most often, and less
 * otherwise. Sorting would take ten times as long.
 */
export class LineDistributions {
  readonly lines: number;
  readonly #counts: Int32Array;
  readonly #sums: Float64Array;
  #values = 0;

  constructor(lines: number) {
    this.lines = lines;
    this.#counts = new Int32Array(lines * ALL);
    this.#sums = new Float64Array(lines * ALL);
  }

  /** Adds `count` values to each line: the first `count` of each row of `values` [lines, stride]. */
  add(values: Float32Array, count: number): void {
    const stride = values.length / this.lines;
    const [counts, sums] = [this.#counts, this.#sums];
    for (let line = 0; line < this.lines; line++) {
      const first = line * ALL;
      const from = line * stride;
      for (let i = from; i < from + count; i++) {
        const value = values[i]!;
        // Positions from 1 are within the range. Truncation towards 0 puts all below into bin 0 or lower.
        const position = ((value + RANGE) * PER_UNIT + 1) | 0;
        const bin = first + (position < 0 ? 0 : position > BINS ? BINS + 1 : position);
        counts[bin]!++;
        sums[bin]! += value;
      }
    }
    this.#values += count;
  }

  /** Mean over the lines of the Wasserstein-1 distance to `other`. The numbers of values may differ, but must not be 0. */
  distance(other: LineDistributions): number {
    if (other.lines !== this.lines) throw new RangeError(`${this.lines} lines and ${other.lines} are not comparable`);
    let total = 0;
    for (let line = 0; line < this.lines; line++) {
      // Share of this one's values left of the bin, minus the share of the other's.
      let lead = 0;
      for (let bin = 0; bin < ALL; bin++) {
        const at = line * ALL + bin;
        const [count, otherCount] = [this.#counts[at]! / this.#values, other.#counts[at]! / other.#values];
        const [sum, otherSum] = [this.#sums[at]! / this.#values, other.#sums[at]! / other.#values];
        const left = -RANGE + (bin - 1) * WIDTH;
        const right = left + WIDTH;
        // Beyond the outermost values both functions are 0 or both are 1, so the outer bins need no outer edge.
        if (bin === 0) total += Math.abs((count - otherCount) * right - (sum - otherSum));
        else if (bin === BINS + 1) total += Math.abs((count - otherCount) * left - (sum - otherSum));
        else total += Math.abs(lead * WIDTH + (count - otherCount) * right - (sum - otherSum));
        lead += count - otherCount;
      }
    }
    return total / this.lines;
  }
}
