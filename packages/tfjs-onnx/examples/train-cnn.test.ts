// @module-tag slow

import * as tf from '@tensorflow/tfjs-core';
import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web/wasm';
import { beforeAll, expect, test } from 'vitest';
import type { Device } from '../src/index.ts';
import { cnn, digits, train } from './train-cnn.js';

// Without threads ONNX Runtime starts no workers, which Node would not have.
web.env.wasm.numThreads = 1;

const expected: number[] = [];

beforeAll(async () => {
  const model = cnn();
  model.compile({ optimizer: tf.train.adam(3e-3), loss: 'categoricalCrossentropy' });
  const batches = Array.from({ length: 20 }, (_, i) => digits(i + 1));
  const [xs, ys] = [0, 1].map((part) => tf.concat(batches.map((batch) => batch[part]!)));
  await model.fit(xs!, ys!, {
    batchSize: 16,
    shuffle: false,
    verbose: 0,
    callbacks: { onBatchEnd: async (_, logs) => void expected.push(logs!['loss']!) },
  });
});

test('model.fit itself learns', () => {
  expect(expected).toHaveLength(20);
  expect(expected[0]).toBeCloseTo(Math.log(10), 0);
  expect(Math.min(...expected)).toBeLessThan(2);
});

test.each<[string, Device]>([
  ['onnxruntime-node', { runtime: node, provider: 'cpu' }],
  ['the WebAssembly of onnxruntime-web', { runtime: web, provider: 'wasm' }],
])('%s has the losses of model.fit, with the same seeds and order', async (_, { runtime, provider }) => {
  const losses: number[] = [];
  await train(runtime, provider, (loss: number) => losses.push(loss));
  expect(losses).toHaveLength(20);
  for (const [i, loss] of losses.entries()) expect(Math.abs(loss - expected[i]!), `step ${i}`).toBeLessThan(1e-3);
});
