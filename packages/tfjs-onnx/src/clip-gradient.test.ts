import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import './index.ts';
import { beforeAll, expect, test } from 'vitest';

beforeAll(() => tf.setBackend('cpu').then(() => {}));

test('the gradient is dy between the bounds and on them, elsewhere 0', () => {
  const actual = tf.tidy(() => {
    const gradient = tf.grad((x: tf.Tensor) => tf.clipByValue(x, -1, 6));
    return Array.from(gradient(tf.tensor1d([-2, -1, 0, 5, 6, 6.5]), tf.tensor1d([1, 2, 3, 4, 5, 6])).dataSync());
  });
  expect(actual).toEqual([0, 2, 3, 4, 5, 0]);
});
