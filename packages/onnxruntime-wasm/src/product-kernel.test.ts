import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { onnxRuntimeWasm } from './index.ts';
import { withFasterProducts } from './product-kernel.ts';
import type { Product, Work } from './testing/products-worker.ts';

const published = new Uint8Array(
  readFileSync(createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm')),
);

async function multiply(wasm: Uint8Array, products: readonly Product[]): Promise<Float32Array[]> {
  const workerData: Work = { wasm: Uint8Array.from(wasm), products };
  const worker = new Worker(new URL('./testing/products-worker.ts', import.meta.url), { workerData });
  return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
}

/** Values whose sums depend on the order of the summands. */
const values = (count: number, phase: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i * 1.7 + phase) * 10 ** ((i % 7) - 3));

function product(rows: number, inner: number, columns: number, i: number): Product {
  return {
    rows,
    inner,
    columns,
    transA: i % 2 === 1,
    transB: i % 3 === 1,
    alpha: i % 4 === 1 ? -0.75 : 1,
    beta: i % 5 === 1 ? 0.5 : i % 5 === 2 ? 1 : 0,
    a: values(rows * inner, 1),
    b: values(inner * columns, 2),
    c: values(rows * columns, 3),
  };
}

/** By definition, in 64 bits, and the sum of the absolute summands, to which rounding errors are proportional. */
function exact({ rows, inner, columns, transA, transB, alpha, beta, a, b, c }: Product) {
  const sums: { value: number; magnitude: number }[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let value = beta * c[row * columns + column]!;
      let magnitude = Math.abs(value);
      for (let k = 0; k < inner; k++) {
        const left = a[transA ? k * rows + row : row * inner + k]!;
        const summand = alpha * left * b[transB ? column * inner + k : k * columns + column]!;
        value += summand;
        magnitude += Math.abs(summand);
      }
      sums.push({ value, magnitude });
    }
  return sums;
}

// Even and odd numbers of rows and of k, columns that fill a block of 16 or don't, k and columns in one panel and in several.
const products = [1, 2, 3, 6, 17].flatMap((rows, i) =>
  [1, 2, 3, 8, 129, 300].flatMap((inner, j) =>
    [1, 4, 15, 16, 17, 48, 130].map((columns, k) => product(rows, inner, columns, i * 42 + j * 7 + k)),
  ),
);

test('the products are the same bits as with the published file, and right', async () => {
  const [expected, actual] = await Promise.all([multiply(published, products), multiply(onnxRuntimeWasm(), products)]);
  expect(actual).toHaveLength(products.length);
  for (const [i, one] of products.entries()) {
    const name = `${one.rows} x ${one.inner} x ${one.columns}`;
    expect(actual[i], name).toEqual(expected[i]);
    for (const [j, { value, magnitude }] of exact(one).entries())
      expect(Math.abs(actual[i]![j]! - value), name).toBeLessThanOrEqual(1e-5 * magnitude);
  }
});

describe('a file whose loops are others', () => {
  test('is refused', () => {
    const other = Uint8Array.from(published);
    // The second product of the loop that writes.
    const loop = Buffer.from(other.buffer).indexOf(Uint8Array.of(0x03, 0x40, 0x20, 19, 0x20, 4, 0xfd, 0x09, 0x02, 0));
    const multiply = Buffer.from(other.buffer).indexOf(Uint8Array.of(0xfd, 0xe6, 0x01), loop + 24);
    other[multiply + 1] = 0xe7;
    expect(() => withFasterProducts(other)).toThrow(/product-kernel\.ts replaces\. If ONNX Runtime was updated/);
  });

  test('or that has them replaced already', () => {
    expect(() => withFasterProducts(onnxRuntimeWasm())).toThrow(/If ONNX Runtime was updated/);
  });
});
