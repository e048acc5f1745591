// @module-tag slow

import { NormalStream, UniformStream } from '@latent-dogs/latent';
import type { NamedValues } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as runtime from 'onnxruntime-node';
import { beforeAll, expect, test } from 'vitest';
import { normaliseByBatch } from '../networks/batch-norm.ts';
import { discriminator } from '../networks/discriminator.ts';
import { generator } from '../networks/generator.ts';
import { presetConfig } from '../settings/presets.ts';
import type { Config } from '../settings/settings.ts';
import { createOnnxNetworks } from './onnx-networks.ts';
import { initialState, stateDefinitions } from './state.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const base: Config = { ...presetConfig('dogs', 'photos'), channels: 8, batch: 3, latent: 5, holdOut: 0.2 };

const variants: [string, Config][] = [
  ['batch norm', base],
  ['spectral norm, hinge, augmentation', { ...base, normD: 'none', spectral: true, loss: 'hinge' }],
  ['spectral norm, self-attention', { ...base, spectral: true, attention: 16 }],
  ['relativistic', { ...base, normD: 'none', loss: 'relativistic' }],
];

/** Tensors far from their initial values, so that D's logits differ. */
function stateOf(config: Config): NamedValues {
  const normals = new NormalStream(7);
  return Object.fromEntries(
    Object.entries(initialState(stateDefinitions(config), normals)).map(([name, data]) => {
      const noise = normals.fill(new Float32Array(data.length));
      return [name, data.map((value, i) => value + 0.05 * noise[i]!)];
    }),
  );
}

/** Photos of noise around `level`. */
const photos = ({ batch, size }: Config, level: number) => {
  const uniforms = new UniformStream(level);
  return Uint8Array.from({ length: batch * size ** 2 * 3 }, () => level + uniforms.nextInt(56));
};

/** Each filter divided by the norm that one step of power iteration estimates, in plain numbers. */
function spectrally(config: Config, values: NamedValues): NamedValues {
  if (!config.spectral) return values;
  const normalised = { ...values };
  const length = (vector: number[]) => Math.hypot(...vector);
  for (const name of Object.keys(values).filter((key) => /^d\/.*\/u$/.test(key))) {
    const filter = name.replace(/u$/, 'filter');
    const [W, u] = [values[filter]!, [...values[name]!]];
    const rows = W.length / u.length;
    const Wu = (vector: number[]) =>
      Array.from({ length: rows }, (_, i) => vector.reduce((sum, value, j) => sum + W[i * u.length + j]! * value, 0));
    let v = Wu(u);
    v = v.map((value) => value / length(v));
    const WTv = u.map((_, j) => v.reduce((sum, value, i) => sum + W[i * u.length + j]! * value, 0));
    const next = WTv.map((value) => value / length(WTv));
    const norm = Wu(next).reduce((sum, value, i) => sum + value * v[i]!, 0);
    normalised[filter] = W.map((value) => value / norm);
  }
  return normalised;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;

test.each(variants)('%s: the means of D applied to each batch on its own, and no tensor changes', async (_, config) => {
  const values = stateOf(config);
  const z = new NormalStream(3).fill(new Float32Array(config.batch * config.latent));
  const inputs = { real: photos(config, 20), heldOut: photos(config, 180), z };
  const networks = await createOnnxNetworks(config, { runtime }, values);
  const before = await networks.read();
  const actual = await networks.overfitting(inputs);
  expect(await networks.read()).toEqual(before);
  await networks.dispose();

  const tensors = Object.fromEntries(
    Object.entries(stateDefinitions(config)).map(([name, { shape }]) => [
      name,
      tf.tensor(spectrally(config, values)[name]!, [...shape]),
    ]),
  );
  const normalise = normaliseByBatch(tensors);
  const logits = (x: tf.Tensor4D) => [...discriminator(config, tensors, x, normalise).dataSync()];
  const shape: [number, number, number, number] = [config.batch, config.size, config.size, 3];
  const scaled = (bytes: Uint8Array) =>
    tf.tensor4d(
      Float32Array.from(bytes, (byte) => byte / 127.5 - 1),
      shape,
    );
  const real = logits(scaled(inputs.real));
  const heldOut = logits(scaled(inputs.heldOut));
  const fake = logits(generator(config, tensors, tf.tensor(z, [config.batch, config.latent]), normalise));
  const against = config.loss === 'relativistic' ? 1 : 0;
  const expected = {
    logitReal: mean(real),
    logitHeldOut: mean(heldOut),
    logitFake: mean(fake),
    probabilityReal: mean(real.map((logit, i) => sigmoid(logit - against * fake[i]!))),
    probabilityHeldOut: mean(heldOut.map((logit, i) => sigmoid(logit - against * fake[i]!))),
    probabilityFake: mean(fake.map((logit, i) => sigmoid(logit - against * real[i]!))),
  };
  expect(Math.abs(expected.logitReal - expected.logitHeldOut)).toBeGreaterThan(1e-2);
  expect(Math.abs(expected.logitReal - expected.logitFake)).toBeGreaterThan(1e-2);
  for (const [name, value] of Object.entries(expected))
    expect(Math.abs(actual[name as keyof typeof actual] - value), name).toBeLessThan(1e-4);
});

test('networks of a run that holds out no photos have no such program', async () => {
  const config = { ...base, holdOut: 0 };
  const networks = await createOnnxNetworks(config, { runtime }, stateOf(config));
  await expect(networks.overfitting({})).rejects.toThrow('no photos are held out');
  await networks.dispose();
});
