import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '@latent-dogs/dcgan';
import { Gan, OVERFITTING_NUMBERS, presetConfig } from '@latent-dogs/dcgan';
import { NormalStream } from '@latent-dogs/latent';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { photoFolder, runTraining, SMALL } from '../../train/training-process.fixture.ts';
import { createNetworks } from '../create-networks.ts';
import { trialBatches } from '../trial/inputs.ts';
import { findAddon } from './addon.ts';

const addon = findAddon();

/** Settings, and the tolerance of losses between backends: batch norm of six pictures amplifies rounding. */
const variants: [string, Partial<Config>, number][] = [
  ['spectral norm, augmentation, moving average', {}, 2e-4],
  ['R1, hinge', { r1: 1, r1Every: 4, loss: 'hinge' }, 2e-4],
  ['R1 and R2, relativistic', { r1: 1, r1Every: 4, spectral: false, loss: 'relativistic' }, 2e-4],
  ['self-attention, R1', { attention: 16, r1: 1, r1Every: 4 }, 2e-4],
  [
    'batch norm in both, as published',
    { normD: 'batch', spectral: false, augment: [], loss: 'non-saturating', emaImages: 0, upsample: 'transposed' },
    1e-2,
  ],
];

const STEPS = 50;

test('mixed precision is refused', async () => {
  const config: Config = { ...presetConfig('dogs', null), backend: 'tensorflow', device: 'cpu', precision: 'mixed' };
  await expect(Gan.create(config, new NormalStream(1), createNetworks)).rejects.toThrow(
    '--precision mixed: TensorFlow trains in float32',
  );
});

describe.skipIf(!addon)(
  'training on TensorFlow (needs its addon: pnpm setup:tensorflow, or LATENT_DOGS_TENSORFLOW naming its folder)',
  () => {
    test.each(variants)('50 steps give the losses of ONNX Runtime: %s', async (_, changes, tolerance) => {
      // Learning rates so low that rounding differences don't grow into other results.
      const config: Config = {
        ...presetConfig('dogs', 'photos'),
        ...{ normD: 'none', spectral: true, augment: ['color', 'translation', 'cutout'] },
        ...{ channels: 8, batch: 6, latent: 16, lrG: 2e-5, lrD: 2e-5, holdOut: 0.1 },
        ...changes,
      };
      const onTensorflow = await Gan.create(
        { ...config, backend: 'tensorflow', device: 'cpu' },
        new NormalStream(1),
        createNetworks,
      );
      const onOnnxRuntime = await Gan.create(
        { ...config, backend: 'onnxruntime', device: 'cpu' },
        new NormalStream(1),
        createNetworks,
      );
      const batches = [trialBatches(config, 5), trialBatches(config, 5)];
      const counts: number[] = [];
      let furthest = 0;
      for (let step = 1; step <= STEPS; step++) {
        const actual = await onTensorflow.step(batches[0]!(), step, config);
        const expected = await onOnnxRuntime.step(batches[1]!(), step, config);
        for (const name of ['lossD', 'lossG', 'dReal', 'dFake', 'diversity'] as const) {
          furthest = Math.max(furthest, Math.abs(actual[name] - expected[name]));
        }
        counts.push(tf.memory().numTensors);
      }
      expect(furthest).toBeLessThan(tolerance);
      // A step leaks no tensors.
      expect(new Set(counts).size).toBe(1);

      const z = new NormalStream(3).fill(new Float32Array(64 * config.latent));
      const [pictures, reference] = [await onTensorflow.sample(z), await onOnnxRuntime.sample(z)];
      expect(pictures).toHaveLength(64 * 3 * 64 * 64);
      const apart = pictures.reduce((most, value, i) => Math.max(most, Math.abs(value - reference[i]!)), 0);
      expect(apart).toBeLessThan(2e-2);

      const { real, z: noise } = trialBatches(config, 6)();
      const batch = { real, heldOut: trialBatches(config, 7)().real, z: noise };
      const [said, wanted] = [await onTensorflow.overfitting(batch), await onOnnxRuntime.overfitting(batch)];
      for (const name of OVERFITTING_NUMBERS) expect(Math.abs(said[name] - wanted[name]), name).toBeLessThan(2e-2);
      expect(tf.memory().numTensors).toBe(counts[0]);

      // A checkpoint of one backend can be resumed on the other.
      onOnnxRuntime.restore(await onTensorflow.tensors());
      const next = await onTensorflow.step(batches[0]!(), STEPS + 1, config);
      expect((await onOnnxRuntime.step(batches[1]!(), STEPS + 1, config)).lossD).toBeCloseTo(next.lossD, 3);
      expect(tf.memory().numTensors).toBe(counts[0]);

      await onTensorflow.dispose();
      await onOnnxRuntime.dispose();
    });

    test('pnpm train runs on it and records it in config.json; another backend can resume the run', async () => {
      const root = await mkdtemp(join(tmpdir(), 'tensorflow-'));
      try {
        await photoFolder(join(root, 'photos'), 8);
        const small = [...SMALL, '--data', 'photos', '--images', '16', '--evaluate', '0', '--out', 'runs'];
        const { code, stdout } = await runTraining(root, [...small, '--backend', 'tensorflow', '--device', 'cpu']);
        expect(stdout).toMatch(/^Computing with TensorFlow on the CPU, \d+ threads/m);
        expect(code).toBe(0);
        const { runFolder, config } = await onlyRun(root);
        expect(config).toMatchObject({ backend: 'tensorflow', device: 'cpu' });
        const resumed = await runTraining(root, ['--resume', runFolder, '--images', '24', '--backend', 'onnxruntime']);
        expect(resumed.stdout).toMatch(
          /^Continuing on another backend \(so far: TensorFlow on the CPU\): .*bit-identical/m,
        );
        expect(resumed.stdout).toMatch(/from image 16$/m);
        expect(resumed.code).toBe(0);
        expect((await onlyRun(root)).config).toMatchObject({ backend: 'onnxruntime', device: 'cpu' });
      } finally {
        await rm(root, { recursive: true });
      }
    });
  },
);

async function onlyRun(root: string): Promise<{ runFolder: string; config: Config }> {
  const [name] = await readdir(join(root, 'runs'));
  const runFolder = join(root, 'runs', name!);
  const { config } = JSON.parse(await readFile(join(runFolder, 'config.json'), 'utf8')) as { config: Config };
  return { runFolder, config };
}
