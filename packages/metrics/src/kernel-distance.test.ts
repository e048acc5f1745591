import { NormalStream } from '@latent-dogs/latent';
import * as runtime from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { kernelDistance } from './kernel-distance.ts';
import { reference, referenceFeatures } from './reference-values.fixture.ts';
import { pickRows, type Rows, rows } from './row-products.ts';

function naive(a: Rows, b: Rows): number {
  const kernel = (x: Rows, i: number, y: Rows, j: number) => {
    let dot = 0;
    for (let k = 0; k < x.length; k++) dot += x.values[i * x.length + k]! * y.values[j * x.length + k]!;
    return (dot / x.length + 1) ** 3;
  };
  let [aa, bb, ab] = [0, 0, 0];
  for (let i = 0; i < a.count; i++) for (let j = 0; j < a.count; j++) if (i !== j) aa += kernel(a, i, a, j);
  for (let i = 0; i < b.count; i++) for (let j = 0; j < b.count; j++) if (i !== j) bb += kernel(b, i, b, j);
  for (let i = 0; i < a.count; i++) for (let j = 0; j < b.count; j++) ab += kernel(a, i, b, j);
  return aa / (a.count * (a.count - 1)) + bb / (b.count * (b.count - 1)) - (2 * ab) / (a.count * b.count);
}

const normal = (seed: number, count: number, length: number, shift = 0) =>
  rows(
    new NormalStream(seed).fill(new Float32Array(count * length)).map((value) => value + shift),
    length,
  );

test('of whole sets it is the naive double loop, and what numpy says', async () => {
  const a = pickRows(
    referenceFeatures(200, 24, 0),
    Array.from({ length: 150 }, (_, i) => i),
  );
  const { values } = referenceFeatures(150, 24, 100_003);
  const b = rows(
    values.map((value) => value * 1.5 + 0.25),
    24,
  );
  const { mean, deviation } = await kernelDistance(runtime, a, b, 1);
  expect(mean).toBeCloseTo(naive(a, b), 4);
  expect(mean).toBeCloseTo(reference.kernel, 4);
  expect(deviation).toBe(0);
});

test('over subsets it averages to the distance of the whole, and says how far they scatter', async () => {
  const [a, b] = [normal(1, 80, 6), normal(2, 1_200, 6, 0.5)];
  const { mean, deviation } = await kernelDistance(runtime, a, b, 1);
  expect(deviation).toBeGreaterThan(0);
  expect(Math.abs(mean - naive(a, b))).toBeLessThan((4 * deviation) / Math.sqrt(50));
});

test('it is unbiased: of one distribution it comes out on either side of 0', async () => {
  const distances: number[] = [];
  for (let i = 0; i < 12; i++)
    distances.push((await kernelDistance(runtime, normal(2 * i, 40, 4), normal(2 * i + 1, 40, 4), 1)).mean);
  expect(Math.min(...distances)).toBeLessThan(0);
  expect(Math.max(...distances)).toBeGreaterThan(0);
});
