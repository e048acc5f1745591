import { NormalStream } from '@latent-dogs/latent';
import * as runtime from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { precisionRecall } from './precision-recall.ts';
import { type Rows, rows } from './row-products.ts';

/** Points on a line. */
const line = (...points: number[]) => rows(Float32Array.from(points), 1);
const normal = (seed: number, count: number, scale = 1, shift = 0) =>
  rows(
    new NormalStream(seed).fill(new Float32Array(count * 3)).map((value) => value * scale + shift),
    3,
  );

function naive(photos: Rows, fakes: Rows) {
  const points = ({ count, length, values }: Rows) =>
    Array.from({ length: count }, (_, i) => [...values.subarray(i * length, (i + 1) * length)]);
  const distance = (x: number[], y: number[]) => Math.hypot(...x.map((value, i) => value - y[i]!));
  const radius = (all: number[][], i: number) =>
    all
      .filter((_, j) => j !== i)
      .map((other) => distance(all[i]!, other))
      .sort((a, b) => a - b)[2]!;
  const share = (all: number[][], manifold: number[][]) => {
    const radii = manifold.map((_, i) => radius(manifold, i));
    return all.filter((x) => manifold.some((point, i) => distance(x, point) <= radii[i]!)).length / all.length;
  };
  const [P, F] = [points(photos), points(fakes)];
  return { precision: share(F, P), recall: share(P, F) };
}

test('fakes of half of the photos are precise and recall half', async () => {
  const photos = line(0, 1, 2, 3, 4, 100, 101, 102, 103, 104);
  expect(await precisionRecall(runtime, photos, line(0.1, 1.1, 2.1, 3.1, 4.1))).toEqual({ precision: 1, recall: 0.5 });
});

test('fakes of which half are nowhere near are half as precise', async () => {
  const photos = line(0, 1, 2, 3, 4);
  const { precision } = await precisionRecall(runtime, photos, line(0.5, 1.5, 2.5, 3.5, 500, 600, 700, 800));
  expect(precision).toBe(0.5);
});

test('equal sets are 1 and 1, distant ones 0 and 0', async () => {
  const photos = normal(1, 300);
  expect(await precisionRecall(runtime, photos, photos)).toEqual({ precision: 1, recall: 1 });
  expect(await precisionRecall(runtime, photos, normal(1, 300, 1, 50))).toEqual({ precision: 0, recall: 0 });
});

test.each([
  [60, 60, 1],
  [300, 280, 0.5],
  [300, 300, 1.5],
])('of %i photos and %i fakes %f times as wide it is the naive count', async (photos, fakes, scale) => {
  const [a, b] = [normal(5, photos), normal(6, fakes, scale)];
  const { precision, recall } = await precisionRecall(runtime, a, b);
  const expected = naive(a, b);
  expect(precision).toBeCloseTo(expected.precision, 9);
  expect(recall).toBeCloseTo(expected.recall, 9);
});
