/** @module Dot products of many rows with many rows, on ONNX Runtime. They are most of the metrics' arithmetic. */
import { compile, type Program, type Runtime } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';

/** N rows of D numbers, row-major. */
export interface Rows {
  readonly count: number;
  readonly length: number;
  readonly values: Float32Array;
}

/** @throws RangeError if `values` is not a whole number of rows */
export function rows(values: Float32Array, length: number): Rows {
  const count = values.length / length;
  if (!Number.isInteger(count)) throw new RangeError(`${values.length} numbers are not rows of ${length}`);
  return { count, length, values };
}

/** A copy of the rows at `indices`. */
export function pickRows({ length, values }: Rows, indices: ArrayLike<number>): Rows {
  const picked = new Float32Array(indices.length * length);
  for (let i = 0; i < indices.length; i++)
    picked.set(values.subarray(indices[i]! * length, (indices[i]! + 1) * length), i * length);
  return rows(picked, length);
}

/** A compiled product a · bᵀ of matrices [n, D] and [m, D]. */
export class RowProducts {
  readonly #program: Program;

  private constructor(program: Program) {
    this.#program = program;
  }

  static async create(runtime: Runtime, n: number, m: number, length: number): Promise<RowProducts> {
    const inputs = { a: { shape: [n, length] }, b: { shape: [m, length] } };
    const product = ({ a, b }: Record<string, tf.Tensor>) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, false, true);
    const step = (_: unknown, tensors: Record<string, tf.Tensor>) => ({ outputs: { products: product(tensors) } });
    return new RowProducts(await compile(step, { runtime, inputs }));
  }

  /** float32 [n, m] */
  async of(a: Float32Array, b: Float32Array): Promise<Float32Array> {
    const { products } = await this.#program.run({ a, b });
    return products!.data as Float32Array;
  }

  async dispose(): Promise<void> {
    await this.#program.dispose();
  }
}

/** Rows of `a` per matrix product: a few megabytes for a few thousand rows of `b`. */
const BLOCK = 256;

/**
 * Calls `take` with the squared Euclidean distances from each row of `a` to all rows of `b`. The array is reused.
 * They are computed as |a|² + |b|² - 2ab in float32: exact to about 1e-6 of the rows' squared lengths, and never negative.
 */
export async function eachSquaredDistances(
  runtime: Runtime,
  a: Rows,
  b: Rows,
  take: (row: number, squaredDistances: Float32Array) => void,
): Promise<void> {
  const { length } = a;
  const products = await RowProducts.create(runtime, BLOCK, b.count, length);
  const [squaresA, squaresB] = [squaredLengths(a), squaredLengths(b)];
  const distances = new Float32Array(b.count);
  try {
    for (let from = 0; from < a.count; from += BLOCK) {
      const block = new Float32Array(BLOCK * length);
      block.set(a.values.subarray(from * length, (from + BLOCK) * length));
      const dots = await products.of(block, b.values);
      for (let row = from; row < Math.min(from + BLOCK, a.count); row++) {
        const at = (row - from) * b.count;
        for (let j = 0; j < b.count; j++) distances[j] = Math.max(0, squaresA[row]! + squaresB[j]! - 2 * dots[at + j]!);
        take(row, distances);
      }
    }
  } finally {
    await products.dispose();
  }
}

function squaredLengths({ count, length, values }: Rows): Float64Array {
  return Float64Array.from({ length: count }, (_, row) => {
    let sum = 0;
    for (let i = row * length; i < (row + 1) * length; i++) sum += values[i]! ** 2;
    return sum;
  });
}
