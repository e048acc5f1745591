import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { presetConfig } from '@latent-dogs/dcgan';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Compute } from '../compute.ts';
import { rememberedTrial, rememberTrial } from './memory.ts';

const before = process.cwd();
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'trial-memory-'));
  process.chdir(root);
});
afterEach(async () => {
  process.chdir(before);
  await rm(root, { recursive: true });
});

test('a trial is remembered for its backend, device and precision, and whatever else a step takes its time from', async () => {
  const webgpu: Compute = { backend: 'onnxruntime', device: 'webgpu' };
  const config = presetConfig('dogs', null);
  const trial = { works: true, imagesPerSecond: 900, peakMemory: 1 } as const;
  await rememberTrial(webgpu, config, trial);
  expect(await rememberedTrial(webgpu, { ...config, seed: 5, lrG: 1e-3 })).toEqual(trial);
  expect(await rememberedTrial(webgpu, { ...config, precision: 'mixed' })).toBeNull();
  expect(await rememberedTrial(webgpu, { ...config, batch: 64 })).toBeNull();
  expect(await rememberedTrial({ ...webgpu, device: 'cuda' }, config)).toBeNull();
});
