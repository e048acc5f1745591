import { NormalStream, UserError } from '@latent-dogs/latent';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, test } from 'vitest';
import { normaliseByBatch, normaliseByStatistics } from '../networks/batch-norm.ts';
import { discriminator } from '../networks/discriminator.ts';
import { generator } from '../networks/generator.ts';
import type { Tensors } from '../networks/network.ts';
import { grownConfig } from '../settings/grown-config.ts';
import { presetConfig } from '../settings/presets.ts';
import type { Config } from '../settings/settings.ts';
import { averagedGenerator, stateDefinitions, type Tensor } from '../step/state.ts';
import { grownNetworks } from './grow.ts';
import { transferable, transferredState } from './transfer.ts';

beforeAll(() => tf.setBackend('cpu'));

const small = (changes: Partial<Config> = {}): Config => ({
  ...presetConfig('dogs', 'photos'),
  ...{ channels: 16, maxChannels: 24, latent: 4 },
  ...changes,
});

/** Networks in which no tensor equals another and no variance is negative. */
function trained(config: Config): Record<string, Tensor> {
  const stream = new NormalStream(1);
  const values = (name: string, length: number) => {
    const normals = stream.fill(new Float32Array(length));
    if (name.endsWith('variance')) return normals.map((value) => 0.5 + value ** 2);
    return normals.map((value) => value * (name.endsWith('filter') ? 0.08 : 0.5));
  };
  return transferable(
    Object.fromEntries(
      Object.entries(stateDefinitions(config)).map(([name, { shape }]) => [
        name,
        { shape: [...shape], data: values(name, size(shape)) },
      ]),
    ),
  );
}
const size = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
const asTensors = (values: Record<string, Tensor>): Tensors =>
  Object.fromEntries(Object.entries(values).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]));
const grown = (config: Config, tensors: Record<string, Tensor>) => grownNetworks(config, tensors, new NormalStream(2));

/** [N, H, W, C] -> [N, 2H, 2W, C], every pixel doubled. */
const doubled = (x: tf.Tensor) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [x.shape[1]! * 2, x.shape[2]! * 2]);

function expectClose(actual: tf.Tensor, expected: tf.Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  const error = tf.max(tf.abs(tf.sub(actual, expected))).dataSync()[0]!;
  expect(error).toBeLessThan(1e-4);
}

test.each([
  ['nearest', 10_000],
  ['nearest', 0],
  ['transposed', 10_000],
] as const)('G (%s, average %d) makes the pictures it made, with every pixel doubled', (upsample, emaImages) => {
  const config = small({ upsample, emaImages });
  const before = trained(config);
  const after = grown(config, before);
  const z = tf.tensor2d(new NormalStream(3).fill(new Float32Array(2 * 4)), [2, 4]);
  const pictures = (of: Config, values: Record<string, Tensor>) => {
    const tensors = asTensors(averagedGenerator(of, values));
    return generator(of, tensors, z, normaliseByStatistics(tensors));
  };
  const expected = doubled(pictures(config, before));
  expect(tf.max(tf.abs(expected)).dataSync()[0]).toBeGreaterThan(0.2);
  expectClose(pictures(grownConfig(config), after), expected);
});

test('D without batch norm gives a doubled picture the logit that it gave the picture', () => {
  const config = small({ normD: 'none' });
  const before = trained(config);
  const x = tf.tensor4d(new NormalStream(4).fill(new Float32Array(2 * 64 * 64 * 3)), [2, 64, 64, 3]);
  const logits = (of: Config, values: Record<string, Tensor>, pictures: tf.Tensor4D) => {
    const tensors = asTensors(values);
    return discriminator(of, tensors, pictures, normaliseByBatch(tensors));
  };
  const expected = logits(config, before, x);
  expect(Math.abs(expected.dataSync()[0]! - expected.dataSync()[1]!)).toBeGreaterThan(0.01);
  expectClose(logits(grownConfig(config), grown(config, before), doubled(x) as tf.Tensor4D), expected);
});

test.each([
  ['batch norm', small()],
  ['spectral norm and self-attention', small({ normD: 'none', spectral: true, attention: 16 })],
])('all tensors are there, in their shapes, and the inner layers are unchanged: %s', (_, config) => {
  const before = trained(config);
  const after = grown(config, before);
  expect(Object.keys(transferredState(grownConfig(config), after))).toEqual(
    Object.keys(stateDefinitions(grownConfig(config))),
  );
  expect(after['g/0/filter']).toEqual(before['g/0/filter']);
  expect(after['ema/g/3/variance']).toEqual(before['ema/g/3/variance']);
  expect(after['d/5/filter']).toEqual(before['d/4/filter']);
  expect(after['d/2/filter']).toEqual(before['d/1/filter']);
  for (const name of Object.keys(before).filter((key) => key.includes('attention')))
    expect(after[name]).toEqual(before[name]);
});

test('networks that cannot grow are refused with what is legal', () => {
  expect(() => grownConfig(small({ size: 128 }))).toThrow(UserError);
  expect(() => grownConfig(small({ size: 128 }))).toThrow('--size: networks of 128 pixels are the largest');
  expect(() => grownConfig(small({ channels: 14 }))).toThrow('legal: even numbers from 16');
  expect(() => grownConfig(small({ channels: 17 }))).toThrow('legal: even numbers from 16');
});
