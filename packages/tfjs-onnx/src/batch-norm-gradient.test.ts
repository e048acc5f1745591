import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import './index.ts';
import { beforeAll, expect, test } from 'vitest';

beforeAll(() => tf.setBackend('cpu').then(() => {}));

test('the gradient of a batch norm is that of its formula, for each of its inputs', () => {
  const x = tf.tensor4d([1, -2, 3, 0.5, -1, 2, 4, -3], [2, 2, 1, 2]);
  const inputs = [
    x,
    ...[
      [0.3, -1],
      [1.5, 0.7],
      [2, -0.4],
      [1.2, -3],
    ].map((values) => tf.tensor1d(values)),
  ];
  const dy = tf.tensor4d([1, 2, -1, 0.5, 3, -2, 0.1, 1], [2, 2, 1, 2]);
  const gradients = (fn: (...inputs: tf.Tensor[]) => tf.Tensor) =>
    tf
      .grads(fn)(inputs, dy)
      .map((gradient) => Array.from(gradient.dataSync()));

  const kernel = gradients((x, mean, variance, offset, scale) =>
    tf.batchNorm(x!, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D, 0.01),
  );
  const formula = gradients((x, mean, variance, offset, scale) =>
    tf.add(tf.mul(tf.div(tf.sub(x!, mean!), tf.sqrt(tf.add(variance!, 0.01))), scale!), offset!),
  );
  kernel.forEach((gradient, i) => {
    expect(gradient).toEqual(formula[i]!.map((value) => expect.closeTo(value, 4)));
  });
});
