import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import './index.ts';
import { beforeAll, expect, test } from 'vitest';

beforeAll(() => tf.setBackend('cpu').then(() => {}));

const X = [-2, -1e-30, 0, 1e-30, 3];
const DY = [1, -2, 3, -4, 5];

test.each([0, 0.2, 1, 1.5, -0.3])('with alpha %d the gradient is dy where x > 0, else alpha * dy', (alpha) => {
  const actual = tf.tidy(() => {
    const gradient = tf.grad((x: tf.Tensor) => tf.leakyRelu(x, alpha));
    return Array.from(gradient(tf.tensor1d(X), tf.tensor1d(DY)).dataSync());
  });
  expect(actual).toEqual(Array.from(Float32Array.from(DY, (dy, i) => (X[i]! > 0 ? dy : Math.fround(alpha) * dy))));
});

test('it can be differentiated twice', () => {
  // leakyRelu(x)^2 / 2 has the slope x * s^2, s = 1 or alpha.
  const actual = tf.tidy(() => {
    const half = (x: tf.Tensor) => tf.div(tf.sum(tf.square(tf.leakyRelu(x, 0.5))), 2);
    const penalty = (x: tf.Tensor) => tf.sum(tf.square(tf.grad(half)(x)));
    return Array.from(
      tf
        .grad(penalty)(tf.tensor1d([-2, 3]))
        .dataSync(),
    );
  });
  // The derivative of (x * s^2)^2.
  expect(actual).toEqual([2 * -2 * 0.25 ** 2, 2 * 3]);
});
