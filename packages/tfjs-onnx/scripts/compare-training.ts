/**
 * @module `pnpm --filter tfjs-onnx compare-training`: milliseconds of a training step on ONNX Runtime, and of `trainOnBatch` on
 * TensorFlow.js's cpu and wasm backends. All take turns in one process, on one thread each. The networks are that of
 * examples/train-cnn.js, which the wasm backend cannot train, and one of dense layers, which it can.
 */
import { loadavg } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
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

const dense = () =>
  tfl.sequential({
    layers: [
      tfl.layers.flatten({ inputShape: [28, 28, 1] }),
      tfl.layers.dense({ units: 512, activation: 'relu' }),
      tfl.layers.dense({ units: 512, activation: 'relu' }),
      tfl.layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });

function onTensorFlow(model: tfl.LayersModel): Run {
  model.compile(settings());
  return (xs, ys) => model.trainOnBatch(xs, ys);
}

function onOnnxRuntime(model: tfl.LayersModel, device: Device): Run {
  const step = trainStep(model, { ...settings(), ...device, session: { intraOpNumThreads: 1 } });
  return (xs, ys) => step.run(xs, ys);
}

web.env.wasm.numThreads = 1;
const ways: Record<string, { backend: string; create: (model: tfl.LayersModel) => Run }> = {
  'TensorFlow.js, cpu backend': { backend: 'cpu', create: onTensorFlow },
  'TensorFlow.js, wasm backend': { backend: 'wasm', create: onTensorFlow },
  'onnxruntime-node': { backend: 'cpu', create: (model) => onOnnxRuntime(model, { runtime: node, provider: 'cpu' }) },
  'onnxruntime-web, WebAssembly': {
    backend: 'cpu',
    create: (model) => onOnnxRuntime(model, { runtime: web, provider: 'wasm' }),
  },
};

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function compare(network: string, build: () => tfl.LayersModel): Promise<void> {
  const runs: Record<string, Run> = {};
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  const failures: Record<string, string> = {};
  for (let seed = 1; seed <= STEPS + 1; seed++) {
    for (const [name, { backend, create }] of Object.entries(ways)) {
      if (failures[name]) continue;
      await tf.setBackend(backend);
      try {
        runs[name] ??= create(build());
        const [xs, ys] = digits(seed) as [tf.Tensor, tf.Tensor];
        const start = performance.now();
        await runs[name](xs, ys);
        if (seed > 1) times[name]!.push(performance.now() - start);
      } catch (error) {
        failures[name] = (error as Error).message.split('\n')[0]!;
      }
    }
  }
  /** How many times as long a way takes as another, in the same round: the median. */
  const ratio = (slow: string, fast: string) =>
    failures[slow] || failures[fast] ? '' : median(times[slow]!.map((ms, i) => ms / times[fast]![i]!)).toFixed(1);
  const [cpu, wasm] = Object.keys(ways) as [string, string];
  console.log(`\n| ${network} | ms, median of ${STEPS} | times as fast as cpu | as wasm |\n|---|--:|--:|--:|`);
  for (const name of Object.keys(ways)) {
    const ms = failures[name] ?? median(times[name]!).toFixed(1);
    console.log(`| ${name} | ${ms} | ${ratio(cpu, name)} | ${ratio(wasm, name)} |`);
  }
}

await compare('CNN', cnn as () => tfl.LayersModel);
await compare('784-512-512-10', dense);
console.log(`\n${new Date().toISOString().slice(0, 10)}, load ${loadavg()[0]!.toFixed(1)}`);
