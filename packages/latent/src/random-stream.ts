/** @module Seeded random streams for training: exactly resumable, the same in every JavaScript engine. */

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { normalFromWord } from './normal-quantile.ts';

/** State of a stream: the four 32-bit words of xoroshiro128+, as signed integers. Plain JSON. */
export type StreamState = readonly number[];

/** MurmurHash3's 32-bit finaliser (Appleby): every input bit flips each output bit about half of the time. */
function scramble(word: number): number {
  let mixed = word | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * pure-rand's own seeding exposes the seed in the first outputs (the first is its complement), so seeds
 * 0, 1, 2 … would start almost alike. Four distinct scrambled words are used instead, as Blackman and Vigna advise.
 */
function generatorFrom(start: number | StreamState): RandomGenerator {
  if (typeof start !== 'number') {
    const valid = start.length === 4 && start.every((word) => word === (word | 0)) && start.some((word) => word !== 0);
    if (!valid)
      throw new RangeError(`A stream's state must be four signed 32-bit integers, not all 0; got [${start}].`);
    return xoroshiro128plusFromState([...start]);
  }
  if (start !== start >>> 0)
    throw new RangeError(`A stream's seed must be an integer from 0 to 4294967295; got ${start}.`);
  return xoroshiro128plusFromState([1, 2, 3, 4].map((k) => scramble(start + Math.imul(k, 0x9e3779b9))));
}

/**
 * Independent samples of N(0, 1), each computed from one 32-bit word of xoroshiro128+ by the inverse distribution function.
 * A `NormalStream` and a `UniformStream` with the same seed use the same words: give them different seeds (`deriveSeed`).
 *
 * @example
 * const stream = new NormalStream(7);
 * stream.fill(new Float32Array(64 * 100)); // z [64, 100]
 * const resumed = new NormalStream(JSON.parse(JSON.stringify(stream.state)));
 */
export class NormalStream {
  readonly #generator: RandomGenerator;

  /** @throws RangeError for a seed that is not an unsigned 32-bit integer, or an invalid state. */
  constructor(start: number | StreamState) {
    this.#generator = generatorFrom(start);
  }

  /** Fills `out` with the next `out.length` numbers and returns it. */
  fill<Out extends Float32Array>(out: Out): Out {
    for (let i = 0; i < out.length; i++) out[i] = normalFromWord(this.#generator.next() >>> 0);
    return out;
  }

  get state(): StreamState {
    return this.#generator.getState();
  }
}

/** Independent uniform numbers from xoroshiro128+. */
export class UniformStream {
  readonly #generator: RandomGenerator;

  /** @throws RangeError for a seed that is not an unsigned 32-bit integer, or an invalid state. */
  constructor(start: number | StreamState) {
    this.#generator = generatorFrom(start);
  }

  /** A number in [0, 1) with 53 random bits. */
  next(): number {
    return uniformFloat64(this.#generator);
  }

  /** An integer from 0 to n - 1, all equally likely. @throws RangeError if n is not an integer from 1 to 2^53 */
  nextInt(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 53) {
      throw new RangeError(`nextInt needs an integer from 1 to 2^53; got ${n}.`);
    }
    return uniformInt(this.#generator, 0, n - 1);
  }

  get state(): StreamState {
    return this.#generator.getState();
  }
}
