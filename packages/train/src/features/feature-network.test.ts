import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UniformStream } from '@latent-dogs/latent';
import { encodeOnnx } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lastFrozenLayer } from './feature-layer.ts';
import { cutModel, featureGraph, ownSize } from './feature-network.ts';
import { writeLayersPackage } from './layers-package.fixture.ts';
import { type LayersFile, MODELS, readLayersPackage } from './layers-package.ts';

const NSFWJS = join(import.meta.dirname, '../../../../node_modules/nsfwjs');

let folder: string;
let model: tfl.LayersModel;
let file: LayersFile;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'features-'));
  model = await writeLayersPackage(folder, 'mobilenet_v2');
  file = await readLayersPackage(folder, 'mobilenet_v2');
});
afterAll(() => rm(folder, { recursive: true }));

/** Pictures [N, S, S, 3] with values from 0 to 1. */
function pictures(N: number, S: number): tf.Tensor4D {
  const random = new UniformStream(1);
  return tf.tensor4d(
    Float32Array.from({ length: N * S * S * 3 }, () => random.next()),
    [N, S, S, 3],
  );
}

/** What the ONNX file gives for pictures with values from 0 to 1. */
async function run(cut: tfl.LayersModel, x: tf.Tensor4D): Promise<{ shape: readonly number[]; data: number[] }> {
  const session = await InferenceSession.create(encodeOnnx(featureGraph(cut)));
  const [N, S] = x.shape;
  const channelsFirst = tf.transpose(tf.sub(tf.mul(x, 2), 1), [0, 3, 1, 2]);
  const feeds = { pictures: new Tensor('float32', channelsFirst.dataSync() as Float32Array, [N, 3, S, S]) };
  const { features } = await session.run(feeds);
  await session.release();
  return { shape: features!.dims, data: Array.from(features!.data as Float32Array) };
}

/** Features [N, D] of the whole network's layer on the cpu backend. */
function expected(whole: tfl.LayersModel, layer: string, x: tf.Tensor4D): tf.Tensor {
  const outputs = whole.getLayer(layer).output as tfl.SymbolicTensor;
  const result = tfl.model({ inputs: whole.inputs, outputs }).predict(x) as tf.Tensor;
  return result.rank === 4 ? tf.mean(result, [1, 2]) : result;
}

function expectClose(actual: { shape: readonly number[]; data: number[] }, reference: tf.Tensor): void {
  expect(actual.shape).toEqual(reference.shape);
  const values = Array.from(reference.dataSync());
  const scale = Math.max(...values.map(Math.abs));
  expect(scale).toBeGreaterThan(0.01);
  for (const [i, value] of values.entries()) expect(Math.abs(actual.data[i]! - value)).toBeLessThan(1e-4 * scale);
}

test.each(['conv', 'depthwise_relu', 'joined', 'sum', 'classes'])(
  "the ONNX file of layer %s gives what the cpu backend's predict does",
  async (layer) => {
    const x = pictures(3, 16);
    expectClose(await run(await cutModel(file, layer, 16), x), expected(model, layer, x));
  },
);

test('features are taken from the last frozen layer, for pictures of any size', async () => {
  const layer = lastFrozenLayer(file.layers);
  expect([layer, ownSize(file.layers)]).toEqual(['joined', 16]);
  const cut = await cutModel(file, layer, 21);
  const x = pictures(2, 21);
  const actual = await run(cut, x);
  expect(actual.shape).toEqual([2, 12]);
  expectClose(actual, tf.mean(cut.predict(x) as tf.Tensor4D, [1, 2]));
});

test('batch norm is folded into the convolutions', async () => {
  const { nodes } = featureGraph(await cutModel(file, 'joined', 16));
  const operators = nodes.map(({ operator }) => operator);
  expect(operators.filter((operator) => operator === 'Conv')).toHaveLength(2);
  // Only of the pictures, from -1 … 1 to 0 … 1.
  expect(operators.filter((operator) => ['Add', 'Mul', 'Div', 'Sub', 'Transpose'].includes(operator))).toEqual([
    'Add',
    'Div',
  ]);
});

test.skipIf(!existsSync(NSFWJS)).each(MODELS)(
  '%s of nsfwjs gives what the cpu backend does (needs node_modules/nsfwjs: pnpm add -Dw nsfwjs@4.3.0 --ignore-scripts)',
  { tags: 'slow', timeout: 120_000 },
  async (name) => {
    const network = await readLayersPackage(NSFWJS, name);
    const layer = lastFrozenLayer(network.layers);
    expect(layer).toBe({ inception_v3: 'mixed5', mobilenet_v2: 'block_10_project_BN' }[name]);
    const cut = await cutModel(network, layer, 128);
    const x = pictures(1, 128);
    expectClose(await run(cut, x), tf.mean(cut.predict(x) as tf.Tensor4D, [1, 2]));
  },
);
