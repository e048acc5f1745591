import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { presetConfig } from '@latent-dogs/dcgan';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Compute } from '../compute.ts';
import { cachedTrial, cacheTrial } from './cache.ts';

const before = process.cwd();
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'trial-cache-'));
  process.chdir(root);
});
afterEach(async () => {
  process.chdir(before);
  await rm(root, { recursive: true });
});

test('a trial is cached by backend, device, precision, and all else that affects the time of a step', async () => {
  const webgpu: Compute = { backend: 'onnxruntime', device: 'webgpu' };
  const config = presetConfig('dogs', null);
  const trial = { works: true, imagesPerSecond: 900, peakMemory: 1 } as const;
  await cacheTrial(webgpu, config, trial);
  expect(await cachedTrial(webgpu, { ...config, seed: 5, lrG: 1e-3 })).toEqual(trial);
  expect(await cachedTrial(webgpu, { ...config, precision: 'mixed' })).toBeNull();
  expect(await cachedTrial(webgpu, { ...config, batch: 64 })).toBeNull();
  expect(await cachedTrial({ ...webgpu, device: 'cuda' }, config)).toBeNull();
});
