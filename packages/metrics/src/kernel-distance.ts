/** @module Kernel distance between two sets of features (Bińkowski et al. 2018, arXiv:1801.01401): the KID if they are Inception's. */

import { UniformStream } from '@latent-dogs/latent';
import type { Runtime } from '@latent-dogs/tfjs-onnx';
import { pickRows, RowProducts, type Rows } from './row-products.ts';

const SUBSETS = 50;
const SUBSET = 1_000;

/**
 * Unbiased squared maximum mean discrepancy under the kernel (x·y/D + 1)³: mean and standard deviation over random subsets of
 * at most 1,000 rows. For two sets of one distribution it is 0 on average, so it may be negative.
 */
export async function kernelDistance(
  runtime: Runtime,
  a: Rows,
  b: Rows,
  seed: number,
): Promise<{ mean: number; deviation: number }> {
  const size = Math.min(SUBSET, a.count, b.count);
  const stream = new UniformStream(seed);
  const products = await RowProducts.create(runtime, size, size, a.length);
  const kernels = async (x: Rows, y: Rows) => {
    const dots = await products.of(x.values, y.values);
    return dots.map((dot) => (dot / x.length + 1) ** 3);
  };
  const distances: number[] = [];
  try {
    // Subsets that hold all rows would all be the same.
    const subsets = size === a.count && size === b.count ? 1 : SUBSETS;
    for (let i = 0; i < subsets; i++) {
      const x = pickRows(a, subset(a.count, size, stream));
      const y = pickRows(b, subset(b.count, size, stream));
      const [within, across] = [offDiagonal(await kernels(x, x)) + offDiagonal(await kernels(y, y)), kernels(x, y)];
      distances.push(within / (size * (size - 1)) - (2 * total(await across)) / size ** 2);
    }
  } finally {
    await products.dispose();
  }
  const mean = distances.reduce((sum, value) => sum + value) / distances.length;
  const variance = distances.reduce((sum, value) => sum + (value - mean) ** 2, 0) / distances.length;
  return { mean, deviation: Math.sqrt(variance) };
}

/** `size` different numbers below `count`. */
function subset(count: number, size: number, stream: UniformStream): Int32Array {
  const numbers = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = 0; i < size; i++) {
    const other = i + stream.nextInt(count - i);
    [numbers[i], numbers[other]] = [numbers[other]!, numbers[i]!];
  }
  return numbers.subarray(0, size);
}

function total(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function offDiagonal(square: Float32Array): number {
  const size = Math.sqrt(square.length);
  let sum = total(square);
  for (let i = 0; i < square.length; i += size + 1) sum -= square[i]!;
  return sum;
}
