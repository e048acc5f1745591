/** @module The order of the images: an endless, seeded shuffle that needs no stored permutation. */

import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** JSON-safe. `position`: images of epoch `epoch` returned so far. */
export interface DataOrderState {
  epoch: number;
  position: number;
}

const ROUNDS = 8;

/**
 * Each epoch visits each of `count` images once, in a different order. A Feistel network over the smallest 2h-bit range that
 * holds `count` permutes positions; cycle walking (applying it until the result is below `count`) turns that into a permutation
 * of 0..count-1 (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002). Memory is O(1), and so is `state`.
 */
export class DataOrder {
  readonly #count: number;
  readonly #seed: number;
  readonly #halfBits: number;
  #epoch = 0;
  #position = 0;
  #roundKeys: Int32Array;

  /** `count` is 1 to 2^30. @throws RangeError for another count, or a state that is impossible for `count` images. */
  constructor(options: { count: number; seed: number; state?: DataOrderState }) {
    const { count, seed, state } = options;
    if (!(Number.isInteger(count) && count >= 1 && count <= 2 ** 30)) {
      throw new RangeError(`cannot order ${count} images; legal: 1 to 2^30`);
    }
    this.#count = count;
    this.#seed = seed;
    this.#halfBits = Math.max(1, Math.ceil(Math.log2(count) / 2));
    if (state) {
      const { epoch, position } = state;
      if (!(Number.isInteger(epoch) && epoch >= 0 && Number.isInteger(position) && position >= 0 && position < count)) {
        throw new RangeError(`image ${position} of epoch ${epoch} does not exist in an order of ${count} images`);
      }
      this.#epoch = epoch;
      this.#position = position;
    }
    this.#roundKeys = roundKeys(seed, this.#epoch);
  }

  get state(): DataOrderState {
    return { epoch: this.#epoch, position: this.#position };
  }

  /** The next `n` indices, across epochs if necessary. */
  next(n: number): Uint32Array {
    const indices = new Uint32Array(n);
    for (let i = 0; i < n; i++) {
      indices[i] = this.#indexAt(this.#position++);
      if (this.#position < this.#count) continue;
      this.#position = 0;
      this.#roundKeys = roundKeys(this.#seed, ++this.#epoch);
    }
    return indices;
  }

  #indexAt(position: number): number {
    let index = position;
    do index = this.#permute(index);
    while (index >= this.#count);
    return index;
  }

  /** A bijection on 0..4^halfBits-1, for any round function. */
  #permute(value: number): number {
    const mask = 2 ** this.#halfBits - 1;
    let left = value >>> this.#halfBits;
    let right = value & mask;
    for (const key of this.#roundKeys) [left, right] = [right, left ^ (mix(right ^ key) & mask)];
    return ((left << this.#halfBits) | right) >>> 0;
  }
}

function roundKeys(seed: number, epoch: number): Int32Array {
  const generator = xoroshiro128plus(mix(mix(seed) + epoch));
  return Int32Array.from({ length: ROUNDS }, () => generator.next());
}

/** 32 bit finaliser of MurmurHash3 (Appleby): every input bit changes every output bit with probability about 1/2. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
