/**
 * @module `pnpm --filter tfjs-onnx compare-training`: milliseconds of a training step of examples/train-cnn.js on ONNX Runtime, and of
 * `trainOnBatch` on TensorFlow.js's cpu and wasm backends. All take turns in one process, on one thread each.
 */
import { loadavg } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web/wasm';
import { cnn, digits } from '../examples/train-cnn.js';
// After the example, which draws on the first backend.
import '@tensorflow/tfjs-backend-wasm';
import { type Device, trainStep } from '../src/index.ts';

/** Steps that are measured, after one that is not. */
const STEPS = 15;

type Run = (xs: tf.Tensor, ys: tf.Tensor) => Promise<unknown>;

const settings = () => ({ optimizer: tf.train.adam(3e-3), loss: 'categoricalCrossentropy' });

function onTensorFlow(): Run {
  const model = cnn();
  model.compile(settings());
  return (xs, ys) => model.trainOnBatch(xs, ys);
}

function onOnnxRuntime(device: Device): Run {
  const step = trainStep(cnn(), { ...settings(), ...device, session: { intraOpNumThreads: 1 } });
  return (xs, ys) => step.run(xs, ys);
}

web.env.wasm.numThreads = 1;
const ways: Record<string, { backend: string; create: () => Run }> = {
  'TensorFlow.js cpu': { backend: 'cpu', create: onTensorFlow },
  'TensorFlow.js wasm': { backend: 'wasm', create: onTensorFlow },
  'onnxruntime-node': { backend: 'cpu', create: () => onOnnxRuntime({ runtime: node, provider: 'cpu' }) },
  'onnxruntime-web wasm': { backend: 'cpu', create: () => onOnnxRuntime({ runtime: web, provider: 'wasm' }) },
};

const runs: Record<string, Run> = {};
const times: Record<string, number[]> = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
const failures: Record<string, string> = {};
for (let seed = 1; seed <= STEPS + 1; seed++) {
  for (const [name, { backend, create }] of Object.entries(ways)) {
    if (failures[name]) continue;
    await tf.setBackend(backend);
    try {
      runs[name] ??= create();
      const [xs, ys] = digits(seed) as [tf.Tensor, tf.Tensor];
      const start = performance.now();
      await runs[name](xs, ys);
      if (seed > 1) times[name]!.push(performance.now() - start);
    } catch (error) {
      failures[name] = (error as Error).message.split('\n')[0]!;
    }
  }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
console.log(`${new Date().toISOString().slice(0, 10)}, load ${loadavg()[0]!.toFixed(1)}\n`);
console.log('| training step, batch of 16 | ms, median | steps a second |\n|---|--:|--:|');
for (const name of Object.keys(ways)) {
  const ms = median(times[name]!);
  console.log(`| ${name} | ${failures[name] ?? ms.toFixed(1)} | ${failures[name] ? '' : (1000 / ms).toFixed(1)} |`);
}
