import { NormalStream } from '@latent-dogs/latent';
import { encodeOnnx, type NamedValues } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, expect, test } from 'vitest';
import { finderGraph } from './finder-graph.ts';
import { faceNetwork, faceParameters } from './network.ts';
import { CELL, GRID, PICTURE } from './sizes.ts';

beforeAll(() => tf.setBackend('cpu').then(() => {}));

/** Random weights; the last layers' are larger than before training, so that the picture matters. */
function randomWeights(): NamedValues {
  const stream = new NormalStream(3);
  return Object.fromEntries(
    Object.entries(faceParameters()).map(([name, { shape }]) => {
      const inputs = shape.length === 4 ? shape[0]! * shape[1]! * shape[2]! : 1;
      const values = new Float32Array(shape.reduce((size, length) => size * length, 1));
      return [name, stream.fill(values).map((value) => value * Math.sqrt((shape.length === 4 ? 2 : 0.1) / inputs))];
    }),
  );
}

const picture = Uint8Array.from(
  { length: PICTURE * PICTURE * 3 },
  (_, i) => 127 + 100 * Math.sin(i / 91) * Math.cos(i / 7),
);

async function run(weights: NamedValues, threshold?: number): Promise<Float32Array> {
  const file = encodeOnnx(finderGraph(weights, threshold));
  const session = await InferenceSession.create(file);
  const { cells } = await session.run({ picture: new Tensor('uint8', picture, [1, PICTURE, PICTURE, 3]) });
  await session.release();
  expect(cells!.dims).toEqual([1, GRID, GRID, CELL]);
  return cells!.data as Float32Array;
}

test('the file computes the network, but for the rounding of its filters to int8', async () => {
  const weights = randomWeights();
  const tensors = Object.fromEntries(
    Object.entries(faceParameters()).map(([name, { shape }]) => [name, tf.tensor(weights[name]!, [...shape])]),
  );
  const expected = faceNetwork(tensors, tf.tensor4d(picture, [1, PICTURE, PICTURE, 3], 'int32')).dataSync();
  const actual = await run(weights);
  const norm = (values: Iterable<number>) => Math.hypot(...values);
  const error = norm(actual.map((value, i) => value - expected[i]!)) / norm(expected);
  expect(error).toBeGreaterThan(0);
  expect(error).toBeLessThan(0.03);
});

test('the threshold moves the logits alone, such that its score becomes 0.5', async () => {
  const weights = randomWeights();
  const [plain, moved] = [await run(weights), await run(weights, 0.2)];
  for (let i = 0; i < plain.length; i++)
    expect(moved[i]! - plain[i]!).toBeCloseTo(i % CELL === 0 ? -Math.log(0.2 / 0.8) : 0, 4);
});

test('the file has at most 300 kB', () => {
  expect(encodeOnnx(finderGraph(randomWeights())).length).toBeLessThan(300_000);
});
