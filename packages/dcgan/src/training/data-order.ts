/** @module In which order the images are seen: an endless, seeded shuffle that is never stored. */

import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** JSON-safe. `position` images of epoch `epoch` have been handed out. */
export interface DataOrderState {
  epoch: number;
  position: number;
}

const ROUNDS = 8;

/**
 * Each epoch visits each of `count` images once, in an order of its own. A Feistel network over the smallest 2h-bit range that
 * holds `count` permutes positions, and walking the cycle until a number below `count` appears makes that a permutation of
 * 0..count-1 (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002): memory is O(1), and `state` is all there is to resume.
 */
export class DataOrder {
  readonly #count: number;
  readonly #seed: number;
  readonly #halfBits: number;
  #epoch = 0;
  #position = 0;
  #roundKeys: Int32Array;

  /** `count` from 1 to 2^30. Throws `RangeError` for a state that no order of `count` images was ever in. */
  constructor(options: { count: number; seed: number; state?: DataOrderState }) {
    const { count, seed, state } = options;
    if (!(Number.isInteger(count) && count >= 1 && count <= 2 ** 30)) {
      throw new RangeError(`cannot order ${count} images: 1 to 2^30 are possible`);
    }
    this.#count = count;
    this.#seed = seed;
    this.#halfBits = Math.max(1, Math.ceil(Math.log2(count) / 2));
    if (state) {
      const { epoch, position } = state;
      if (!(Number.isInteger(epoch) && epoch >= 0 && Number.isInteger(position) && position >= 0 && position < count)) {
        throw new RangeError(`image ${position} of epoch ${epoch} is no place in an order of ${count} images`);
      }
      this.#epoch = epoch;
      this.#position = position;
    }
    this.#roundKeys = roundKeys(seed, this.#epoch);
  }

  get state(): DataOrderState {
    return { epoch: this.#epoch, position: this.#position };
  }

  /** The next `n` indices, across as many epochs as that takes. */
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

  /** A bijection on 0..4^halfBits-1, whatever the round function. */
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
