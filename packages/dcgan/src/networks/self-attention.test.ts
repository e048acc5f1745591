import { NormalStream } from '@latent-dogs/latent';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
// Registers gradients of comparisons.
import '@latent-dogs/tfjs-onnx';
import { beforeAll, expect, test } from 'vitest';
import type { Tensors } from './network.ts';
import { attentionParameters, selfAttention } from './self-attention.ts';

const [N, H, W, C] = [2, 4, 6, 16];

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const normals = new NormalStream(8);
const draw = (shape: readonly number[]) =>
  tf.tensor(normals.fill(new Float32Array(shape.reduce((product, length) => product * length, 1))), [...shape]);
const parameters = (): Tensors =>
  Object.fromEntries(Object.entries(attentionParameters('a', C)).map(([name, { shape }]) => [name, draw(shape)]));

/** The paper's equations, position by position in float64, with 2x2 max-pooled keys and values. */
function byDefinition(tensors: Tensors, x: Float32Array): number[] {
  const filter = (part: string) => tensors[`a/${part}/filter`]!.dataSync();
  const project = (place: readonly number[], part: string): number[] => {
    const weights = filter(part);
    const outputs = weights.length / place.length;
    return Array.from({ length: outputs }, (_, o) =>
      place.reduce((sum, value, i) => sum + value * weights[i * outputs + o]!, 0),
    );
  };
  const y: number[] = [];
  for (let n = 0; n < N; n++) {
    const at = (row: number, column: number) => [...x.subarray(((n * H + row) * W + column) * C).subarray(0, C)];
    const pooled = (part: string) => {
      const blocks: number[][] = [];
      for (let row = 0; row < H; row += 2)
        for (let column = 0; column < W; column += 2) {
          const four = [0, 1, 2, 3].map((k) => project(at(row + (k >> 1), column + (k & 1)), part));
          blocks.push(four[0]!.map((_, i) => Math.max(...four.map((place) => place[i]!))));
        }
      return blocks;
    };
    const [keys, values] = [pooled('key'), pooled('value')];
    for (let row = 0; row < H; row++)
      for (let column = 0; column < W; column++) {
        const query = project(at(row, column), 'query');
        const weights = keys.map((key) => Math.exp(key.reduce((sum, k, i) => sum + k * query[i]!, 0)));
        const total = weights.reduce((sum, weight) => sum + weight);
        const attended = values[0]!.map((_, i) =>
          values.reduce((sum, value, block) => sum + (value[i]! * weights[block]!) / total, 0),
        );
        const gain = tensors['a/gain']!.dataSync()[0]!;
        const output = project(attended, 'output');
        y.push(...at(row, column).map((value, i) => value + gain * output[i]!));
      }
  }
  return y;
}

test('each position is the attention-weighted sum over all positions', () => {
  const tensors = parameters();
  const x = draw([N, H, W, C]) as tf.Tensor4D;
  const actual = selfAttention(tensors, 'a', x).dataSync();
  byDefinition(tensors, x.dataSync() as Float32Array).forEach((expected, i) => {
    expect(actual[i]! / expected).toBeCloseTo(1, 3);
  });
});

test('a fresh block is the identity, and only its gain has a gradient', () => {
  const definitions = attentionParameters('a', C);
  const fresh = { ...parameters(), 'a/gain': tf.zeros(definitions['a/gain']!.shape as [number]) };
  const x = draw([N, H, W, C]) as tf.Tensor4D;
  expect([...selfAttention(fresh, 'a', x).dataSync()]).toEqual([...x.dataSync()]);
  const names = Object.keys(fresh);
  const loss = (...tensors: tf.Tensor[]) =>
    tf.mean(tf.square(selfAttention(Object.fromEntries(names.map((name, i) => [name, tensors[i]!])), 'a', x)));
  const gradients = tf.grads(loss)(Object.values(fresh));
  names.forEach((name, i) => {
    const size = Math.max(...tf.abs(gradients[i]!).dataSync());
    if (name === 'a/gain') expect(size, name).toBeGreaterThan(1e-3);
    else expect(size, name).toBe(0);
  });
});
