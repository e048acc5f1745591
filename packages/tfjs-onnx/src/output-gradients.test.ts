import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import './index.ts';
import { beforeAll, expect, test } from 'vitest';

beforeAll(() => tf.setBackend('cpu').then(() => {}));

const WEIGHTS = [1, 2, -1];
const X = [0.3, -0.2, 0.5];

/** Central differences in float64. */
const slopes = (f: (x: number[]) => number, x: number[]): number[] =>
  x.map((_, i) => {
    const moved = (by: number) => f(x.map((value, j) => (j === i ? value + by : value)));
    return (moved(1e-4) - moved(-1e-4)) / 2e-4;
  });

const softmax = (x: number[]) => {
  const total = x.reduce((sum, value) => sum + Math.exp(value), 0);
  return x.map((value) => Math.exp(value) / total);
};

test.each<[string, (x: tf.Tensor) => tf.Tensor, (x: number[]) => number[]]>([
  ['exp', (x) => tf.exp(x), (x) => x.map(Math.exp)],
  ['sigmoid', (x) => tf.sigmoid(x), (x) => x.map((value) => 1 / (1 + Math.exp(-value)))],
  ['tanh', (x) => tf.tanh(x), (x) => x.map(Math.tanh)],
  ['softmax', (x) => tf.softmax(x), softmax],
])('%s can be differentiated twice', (_, kernel, exact) => {
  const weighted = (x: tf.Tensor) => tf.sum(tf.mul(kernel(x), WEIGHTS));
  const squaredSlope = (x: tf.Tensor) => tf.sum(tf.square(tf.grad(weighted)(x)));
  const actual = tf.tidy(() => Array.from(tf.grad(squaredSlope)(tf.tensor1d(X)).dataSync()));

  const exactly = (x: number[]) => exact(x).reduce((sum, y, i) => sum + WEIGHTS[i]! * y, 0);
  const expected = slopes((x) => slopes(exactly, x).reduce((sum, slope) => sum + slope ** 2, 0), X);
  // Nested differences divide rounding errors of 1e-16 by 1e-8; float32 adds 1e-6.
  for (const [i, slope] of expected.entries()) expect(Math.abs(actual[i]! - slope)).toBeLessThan(1e-5);
});
