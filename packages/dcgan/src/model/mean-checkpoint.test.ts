import { NormalStream } from '@latent-dogs/latent';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as runtime from 'onnxruntime-node';
import { beforeAll, expect, test } from 'vitest';
import { generator, generatorStatistics } from '../networks/generator.ts';
import { averagedGenerator } from '../step/state.ts';
import { smallConfig, trainedTensors } from '../testing/trained-tensors.ts';
import { meanCheckpoint } from './mean-checkpoint.ts';

beforeAll(() => tf.setBackend('cpu').then(() => {}));

const config = smallConfig();
const checkpoint = (imagesSeen: number) => ({
  imagesSeen,
  healthy: true,
  tensors: trainedTensors(config, imagesSeen),
  state: { at: imagesSeen },
});
const checkpoints = [checkpoint(3000), checkpoint(1000), checkpoint(2000)];

test('the weights are the mean, all else is the newest checkpoint', async () => {
  const { tensors, ...rest } = await meanCheckpoint(config, checkpoints, { runtime });
  expect(rest).toEqual({ imagesSeen: 3000, healthy: true, state: { at: 3000 } });
  const [newest] = checkpoints;
  expect(Object.keys(tensors)).toEqual(Object.keys(newest!.tensors));
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    expect(shape).toEqual(newest!.tensors[name]!.shape);
    if (!name.startsWith('ema/')) expect(data, name).toEqual(newest!.tensors[name]!.data);
    else if (!/mean|variance/.test(name))
      for (const [i, value] of data.entries()) {
        const [a, b, c] = checkpoints.map((one) => one.tensors[name]!.data[i]!);
        expect(value, name).toBeCloseTo((a! + b! + c!) / 3, 6);
      }
  }
});

test('a checkpoint that does not fit is refused, and its tensor named', async () => {
  const { 'ema/g/1/gamma': _, ...rest } = checkpoint(4000).tensors;
  const without = { ...checkpoint(4000), tensors: rest };
  const wider = { ...checkpoint(4000), tensors: trainedTensors(smallConfig({ channels: 16 })) };
  const mean = (other: typeof wider) => meanCheckpoint(config, [checkpoint(3000), other], { runtime });
  await expect(mean(without as typeof wider)).rejects.toThrow(/tensor 'ema\/g\/1\/gamma' is missing$/);
  await expect(mean(wider)).rejects.toThrow(/tensor 'ema\/g\/\d\/\w+' is \[.*\] and should be \[/);
});

test("the batch norms' statistics are those of the mean's own activations", async () => {
  const { tensors } = await meanCheckpoint(config, checkpoints, { runtime });
  const G = Object.fromEntries(
    Object.entries(averagedGenerator(config, tensors)).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
  );
  // The same 8 batches of 64, in eager TensorFlow.js.
  const expected: Record<string, number[]> = {};
  const add = (name: string, values: ArrayLike<number>) => {
    expected[name] ??= new Array(values.length).fill(0);
    for (let i = 0; i < values.length; i++) expected[name]![i]! += values[i]! / 8;
  };
  const stream = new NormalStream(1);
  for (let batch = 0; batch < 8; batch++)
    tf.tidy(() => {
      generator(
        config,
        G,
        tf.tensor2d(stream.fill(new Float32Array(64 * config.latent)), [64, config.latent]),
        (name, x) => {
          const { mean, variance } = tf.moments(x, [0, 1, 2]);
          const samples = x.size / x.shape[3];
          add(`${name}/mean`, mean.dataSync());
          add(`${name}/variance`, tf.mul(variance, samples / (samples - 1)).dataSync());
          return tf.batchNorm4d(
            x,
            mean as tf.Tensor1D,
            variance as tf.Tensor1D,
            G[`${name}/beta`] as tf.Tensor1D,
            G[`${name}/gamma`] as tf.Tensor1D,
            1e-5,
          );
        },
      );
    });
  expect(Object.keys(expected).sort()).toEqual(Object.keys(generatorStatistics(config)).sort());
  for (const [name, values] of Object.entries(expected)) {
    const actual = tensors[`ema/${name}`]!.data;
    const size = Math.hypot(...values);
    for (const [i, value] of values.entries()) expect(Math.abs(actual[i]! - value) / size, name).toBeLessThan(1e-5);
  }
});
