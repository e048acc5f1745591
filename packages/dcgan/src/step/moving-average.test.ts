import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import { presetConfig } from '../settings/presets.ts';
import { emaDecay, movingAverage } from './moving-average.ts';
import type { StateConfig } from './state.ts';

// A batch of 50, and a half-life of 1,000 images, which is a twentieth of 20,000: step 400.
const config = { batch: 50, emaImages: 1_000, from: null };

test.each([
  // Step 1: a half-life of 2.5 images, 20 of which are in a batch.
  [1, 2 ** -20],
  [2, 2 ** -10],
  [10, 0.25],
  [20, 0.5],
  [200, 2 ** -0.1],
  // From here on the half-life is 1,000 images, 20 batches.
  [400, 2 ** -0.05],
  [401, 2 ** -0.05],
  [1_000_000, 2 ** -0.05],
])('at step %i the old average keeps its share of %d', (step, share) => {
  expect(emaDecay(config, step)).toBeCloseTo(share, 12);
});

test('after the ramp-up, the old average has weight 1/2 after its half-life', () => {
  let left = 1;
  for (let step = 500; step < 520; step++) left *= emaDecay(config, step);
  expect(left).toBeCloseTo(0.5, 12);
});

test('a half-life shorter than the ramp-up applies from the first step at which it is shorter', () => {
  // A twentieth of 50 and 100 images are 2.5 and 5; the half-life is 4.
  expect(emaDecay({ ...config, emaImages: 4 }, 1)).toBeCloseTo(2 ** -20, 12);
  expect(emaDecay({ ...config, emaImages: 4 }, 2)).toBeCloseTo(2 ** -12.5, 12);
});

test('from trained weights there is no ramp-up: the average of the source keeps its share', () => {
  for (const step of [1, 2, 1_000]) expect(emaDecay({ ...config, from: 'model' }, step)).toBeCloseTo(2 ** -0.05, 12);
});

test('without a half-life the decay is 0', () => {
  expect(emaDecay({ ...config, emaImages: 0 }, 7)).toBe(0);
});

test('every parameter and statistic of G moves towards its newest value by 1 - decay', async () => {
  await tf.setBackend('cpu');
  const G: StateConfig = { ...presetConfig('paper', 'photos'), size: 8, channels: 1, latent: 1, emaImages: 1 };
  const names = ['0/filter', '0/gamma', '0/beta', '1/filter', '1/bias', '0/mean', '0/variance'].map(
    (name) => `g/${name}`,
  );
  const [old, newest] = [
    Object.fromEntries(names.map((name) => [`ema/${name}`, tf.tensor1d([1, -2])])),
    Object.fromEntries(names.map((name) => [name, tf.tensor1d([5, 6])])),
  ];
  const averages = movingAverage(G, old, newest, tf.scalar(0.75));
  expect(Object.keys(averages).sort()).toEqual(names.map((name) => `ema/${name}`).sort());
  // 0.75 * 1 + 0.25 * 5, 0.75 * -2 + 0.25 * 6
  for (const [name, average] of Object.entries(averages)) expect([...average.dataSync()], name).toEqual([2, 0]);
  expect(movingAverage({ ...G, emaImages: 0 }, old, newest, tf.scalar(0.75))).toEqual({});
});
