// @module-tag slow

import type { PictureSource } from '@latent-dogs/latent';
import { NormalStream } from '@latent-dogs/latent';
import * as runtime from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { referencePicture } from './reference-values.fixture.ts';
import { RunningEvaluation } from './running-evaluation.ts';

const config = { seed: 0, size: 64, latent: 8 };
/** Fewer pictures than in a training, for a sooner answer. */
const FAKES = 128;
const dataset: PictureSource = {
  count: 96,
  size: 64,
  read: async (indices, out) => {
    for (const [i, index] of Array.from(indices).entries()) out.set(referencePicture(index, 64).pixels, i * 12_288);
  },
};

let evaluation: RunningEvaluation;
beforeAll(async () => {
  evaluation = await RunningEvaluation.create(runtime, dataset, config, FAKES);
});
afterAll(() => evaluation.dispose());

/** A G that knows the photos: z chooses one. */
const memory = (photos: number) => async (z: Float32Array) => {
  const pictures = new Float32Array(64 * 12_288);
  for (let n = 0; n < 64; n++) {
    const photo = Math.floor(Math.abs(z[n * 8]!) * 1_000) % photos;
    pictures.set(
      Float32Array.from(referencePicture(photo, 64).pixels, (value) => value / 127.5 - 1),
      n * 12_288,
    );
  }
  return pictures;
};

test('photos themselves are nearest, noise is far off, one picture shows in MS-SSIM', async () => {
  const noise = new NormalStream(1);
  const photos = await evaluation.of(memory(96));
  const noisy = await evaluation.of(async () => noise.fill(new Float32Array(64 * 12_288)));
  const one = await evaluation.of(memory(1));
  expect(Object.keys(photos)).toEqual(['swd.16', 'swd.32', 'swd.64', 'swd.mean', 'frechetRandom', 'msSsim']);
  expect(noisy['swd.mean']!).toBeGreaterThan(5 * photos['swd.mean']!);
  expect(noisy['frechetRandom']!).toBeGreaterThan(5 * photos['frechetRandom']!);
  expect(one['msSsim']).toBeCloseTo(1, 6);
  expect(photos['msSsim']).toBeLessThan(0.7);
});

test('the same G has the same figures, in this evaluation and in another of the run', async () => {
  const first = await evaluation.of(memory(50));
  const again = await RunningEvaluation.create(runtime, dataset, config, FAKES);
  expect(await again.of(memory(50))).toEqual(first);
  await again.dispose();
  expect(await evaluation.of(memory(50))).toEqual(first);
});
