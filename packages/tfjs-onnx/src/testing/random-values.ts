import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { skipN } from 'pure-rand/utils/skipN';
import { sizeOf } from '../graph/types.ts';
import type { InputData } from '../runtime/program.ts';
import type { TensorSpec } from '../trace.ts';

/** A tensor of a test: its values are drawn from `range` (default -2 to 2 for float32, -5 to 5 for int32) or given. */
export interface TestInput extends TensorSpec {
  readonly dtype?: 'float32' | 'int32' | 'bool';
  readonly range?: readonly [number, number];
  readonly values?: readonly number[];
}

export const float = (...shape: number[]): TestInput => ({ shape });
export const int = (...shape: number[]): TestInput => ({ shape, dtype: 'int32' });
export const bool = (...shape: number[]): TestInput => ({ shape, dtype: 'bool' });
/** Float32 values between two bounds, for functions that are defined, or tame, only there. */
export const within = (from: number, to: number, ...shape: number[]): TestInput => ({ shape, range: [from, to] });
export const given = (...values: number[]): TestInput => ({ shape: [values.length], values });

/** A seeded stream of test data. */
export class Random {
  readonly #generator: RandomGenerator;

  constructor(seed: number) {
    // Neighbouring seeds differ little in the first numbers.
    this.#generator = xoroshiro128plus(Math.imul(seed + 1, 0x9e3779b1));
    skipN(this.#generator, 20);
  }

  uniform(from: number, to: number): number {
    return from + (to - from) * uniformFloat64(this.#generator);
  }

  /** Both ends included. */
  integer(from: number, to: number): number {
    return uniformInt(this.#generator, from, to);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)]!;
  }

  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const other = this.integer(0, i);
      [result[i], result[other]] = [result[other]!, result[i]!];
    }
    return result;
  }

  /** Values of `input` in logical row-major order. */
  values({ shape, dtype = 'float32', range, values }: TestInput): InputData {
    const { length } = values ?? { length: sizeOf(shape) };
    if (length !== sizeOf(shape)) throw new Error(`${length} values for shape [${shape}]`);
    const make = (draw: () => number) => Array.from({ length }, (_, i) => values?.[i] ?? draw());
    if (dtype === 'bool') return Uint8Array.from(make(() => this.integer(0, 1)));
    if (dtype === 'int32') return Int32Array.from(make(() => this.integer(...(range ?? [-5, 5]))));
    return Float32Array.from(make(() => this.uniform(...(range ?? [-2, 2]))));
  }
}
