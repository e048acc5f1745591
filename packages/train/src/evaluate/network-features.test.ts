import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@latent-dogs/latent';
import { pictures } from '@latent-dogs/metrics';
import { encodeOnnx, NCHW, traceDynamic } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NetworkFeatures, type NetworkOptions } from './network-features.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'features-'));
  const channelsFirst = (outputs: (x: tf.Tensor4D) => Record<string, tf.Tensor>, file: string) => {
    const graph = traceDynamic(
      ({ x }) => outputs(x as tf.Tensor4D),
      (N) => ({ x: { shape: [N, 32, 32, 3], order: NCHW } }),
      { outputOrders: { map: NCHW } },
    );
    return writeFile(join(folder, file), encodeOnnx(graph));
  };
  const means = (x: tf.Tensor4D) => tf.mean(x, [1, 2]);
  await channelsFirst((x) => ({ means: means(x) }), 'means.onnx');
  // Twice the red and three times the blue at each of 16x16 positions.
  const twoChannels = (x: tf.Tensor4D) => tf.conv2d(x, tf.tensor4d([2, 0, 0, 0, 0, 3], [1, 1, 3, 2]), 2, 'same');
  await channelsFirst((x) => ({ map: twoChannels(x), means: means(x) }), 'several.onnx');
  const channelsLast = traceDynamic(
    ({ x }) => ({ means: tf.mean(x as tf.Tensor4D, [1, 2]) }),
    (N) => ({ x: { shape: [N, 32, 32, 3] } }),
  );
  await writeFile(join(folder, 'channels-last.onnx'), encodeOnnx(channelsLast));
  const other = traceDynamic(
    ({ z }) => ({ y: tf.tanh(z!) }),
    (N) => ({ z: { shape: [N, 8] } }),
  );
  await writeFile(join(folder, 'other.onnx'), encodeOnnx(other));
  await writeFile(join(folder, 'text.onnx'), 'not a network');
});
afterAll(() => rm(folder, { recursive: true }));

const options = (file: string, changes: Partial<NetworkOptions> = {}): NetworkOptions => ({
  file: join(folder, file),
  size: null,
  mean: [0, 0, 0],
  deviation: [1, 1, 1],
  output: null,
  ...changes,
});

/** Pictures of one colour each. */
const coloured = (size: number, ...colours: [number, number, number][]) =>
  pictures(
    Uint8Array.from(colours.flatMap((colour) => Array.from({ length: size * size }, () => colour).flat())),
    size,
  );

async function features(network: NetworkOptions, all: ReturnType<typeof pictures>) {
  const opened = await NetworkFeatures.open(network);
  try {
    return await opened.of(all);
  } finally {
    await opened.dispose();
  }
}

test.each(['means.onnx', 'channels-last.onnx'])(
  '%s gets the normalised colours of enlarged or shrunk pictures',
  async (file) => {
    for (const size of [64, 16]) {
      const all = coloured(size, ...Array.from({ length: 19 }, (_, i): [number, number, number] => [i, 100, 255]));
      const { count, length, values } = await features(
        options(file, { mean: [0, 0.5, 0.25], deviation: [1, 0.5, 2] }),
        all,
      );
      expect([count, length]).toEqual([19, 3]);
      for (let i = 0; i < 19; i++) {
        expect(values[3 * i]).toBeCloseTo(i / 255, 5);
        expect(values[3 * i + 1]).toBeCloseTo((100 / 255 - 0.5) / 0.5, 5);
        expect(values[3 * i + 2]).toBeCloseTo(0.75 / 2, 5);
      }
    }
  },
);

test('a feature map is averaged over its positions', async () => {
  const all = coloured(32, [255, 0, 0], [0, 0, 51]);
  const { length, values } = await features(options('several.onnx', { output: 'map' }), all);
  expect(length).toBe(2);
  expect([...values]).toEqual([2, 0, 0, 3 * 0.2].map((value) => expect.closeTo(value, 5)));
});

test('its name is that of its file', async () => {
  const network = await NetworkFeatures.open(options('means.onnx'));
  expect(network.name).toBe('means');
  await network.dispose();
});

describe('mistakes are named', () => {
  test.each<[string, Partial<NetworkOptions>, RegExp]>([
    ['missing.onnx', {}, /--features: '.*missing\.onnx' is not an ONNX network/],
    ['text.onnx', {}, /--features: '.*text\.onnx' is not an ONNX network/],
    ['other.onnx', {}, /--features: .*other\.onnx does not have one input.*z float32/],
    ['means.onnx', { size: 299 }, /--features-size: .* takes 32x32 pixels, not 299x299/],
    ['several.onnx', {}, /--features-output: .*several outputs; name one of map, means/],
    ['means.onnx', { output: 'logits' }, /--features-output: .*no output 'logits'; name one of means/],
  ])('%s %j', async (file, changes, message) => {
    const opening = NetworkFeatures.open(options(file, changes));
    await expect(opening).rejects.toThrow(UserError);
    await expect(NetworkFeatures.open(options(file, changes))).rejects.toThrow(message);
  });
});
