/** @module Converts one model, compares it, times it, and prints the result as a line of JSON: a process of its own for each model. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import * as runtime from 'onnxruntime-node';
import { modelSource } from '../src/convert/model-source.ts';
import { unwrapped } from '../src/convert/models.ts';
import { difference } from '../src/convert/verify.ts';
import { type GraphModel, type InputSpec, type LayersModel, toOnnx, verify } from '../src/index.ts';
import { ARRAYS } from '../src/runtime/program.ts';
import { TOLERANCE } from './tolerance.ts';

export interface ModelResult {
  readonly error?: string;
  /** TF.js's backend that it was compared with. */
  readonly backend?: string;
  readonly relativeError?: number;
  /** The range of the output that differs most. */
  readonly range?: number;
  /** How far TF.js's own wasm and cpu backends are apart on random inputs, measured like `relativeError`. */
  readonly backends?: number;
  /** Least time of one run, on one thread each. */
  readonly tfjsMs?: number;
  readonly ortMs?: number;
  readonly bytes?: number;
}

/** A model.json with its weight files, also where nsfwjs has wrapped both into modules. */
function artifactsOf(path: string): tf.io.ModelArtifacts {
  const wrapped = path.endsWith('.js');
  const parse = (file: string) => {
    const text = readFileSync(file, 'utf8');
    const module = { exports: {} as { default?: unknown } };
    new Function('module', 'exports', text)(module, module.exports);
    return (module.exports.default ?? module.exports) as never;
  };
  const model: tf.io.ModelJSON = wrapped ? parse(path) : JSON.parse(readFileSync(path, 'utf8'));
  const files = model.weightsManifest.flatMap(({ paths }) => paths);
  const shards = files.map((file) =>
    wrapped
      ? Buffer.from(parse(join(dirname(path), `${basename(file, '.bin')}.min.js`)) as string, 'base64')
      : readFileSync(join(dirname(path), file)),
  );
  const data = Buffer.concat(shards);
  const { weightsManifest, ...rest } = model;
  return {
    ...(rest as tf.io.ModelArtifacts),
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    weightData: data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer,
  };
}

async function load(path: string): Promise<LayersModel | GraphModel> {
  const artifacts = artifactsOf(path);
  const handler = { load: async () => artifacts };
  const graph = artifacts.format === 'graph-model' || 'node' in (artifacts.modelTopology as object);
  return (await (graph ? loadGraphModel(handler) : loadLayersModel(handler))) as unknown as LayersModel | GraphModel;
}

/** A size for each axis that the model leaves open: one picture, of a usual size. */
function fixed(model: LayersModel | GraphModel): Record<string, InputSpec> {
  const specs =
    'layers' in model
      ? unwrapped(model).inputNames.map((name, i) => ({ name, ...unwrapped(model).inputs[i]! }))
      : model.inputs.map((input) => ({ ...input, name: input.name.replace(/:0$/, '') }));
  return Object.fromEntries(
    specs.map(({ name, shape = [], dtype }) => {
      const sizes = shape.map((size, axis) =>
        size === null || size < 0 ? (axis === 0 ? 1 : shape.length === 4 ? 128 : 43844) : size,
      );
      return [name, { shape: sizes, dtype: dtype as 'float32' }];
    }),
  );
}

/** Milliseconds that TF.js's wasm backend takes, on one thread; the cpu backend where wasm lacks a kernel. */
async function check(model: LayersModel | GraphModel, file: Uint8Array, inputs: Record<string, InputSpec>) {
  try {
    return { backend: 'wasm', ...(await verify(model, file, runtime, inputs)) };
  } catch {
    await tf.setBackend('cpu');
    return { backend: 'cpu', ...(await verify(model, file, runtime, inputs)) };
  }
}

/** The largest difference between TF.js's wasm and cpu backends, divided by the range of the output. */
async function backendsApart(model: LayersModel | GraphModel, inputs: Record<string, InputSpec>): Promise<number> {
  const { run } = modelSource(model, inputs);
  const results: Record<string, Float32Array>[] = [];
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend);
    tf.tidy(() => {
      const drawn = Object.entries(inputs).map(([name, { shape }], seed) => [
        name,
        tf.randomUniform(shape as number[], 0, 1, 'float32', seed + 1),
      ]);
      const tensors = Object.entries(run(Object.fromEntries(drawn)));
      results.push(Object.fromEntries(tensors.map(([name, tensor]) => [name, tensor.dataSync() as Float32Array])));
    });
  }
  const [cpu, wasm] = results;
  const apart = Object.entries(cpu!).map(([name, values]) => {
    const { error, range } = difference(wasm![name]!, values);
    return range === 0 ? error : error / range;
  });
  return Math.max(...apart);
}

async function convert(path: string): Promise<ModelResult> {
  await tf.setBackend('wasm');
  const model = await load(path);
  const inputs = fixed(model);
  const file = toOnnx(model, { inputs });
  const { backend, relativeError, outputs } = await check(model, file, inputs);
  const { run } = modelSource(model, inputs);
  const sizes = Object.entries(inputs).map(([name, { shape, dtype = 'float32' }]) => ({
    name,
    shape: shape as number[],
    dtype: dtype as 'float32',
  }));
  const tfjs: number[] = [];
  const ort: number[] = [];
  const session = await runtime.InferenceSession.create(file, { intraOpNumThreads: 1 });
  const feeds = Object.fromEntries(
    sizes
      .filter(({ name }) => session.inputNames.includes(name))
      .map(({ name, shape, dtype }) => {
        const size = shape.reduce((product, one) => product * one, 1);
        return [name, new runtime.Tensor(dtype, new ARRAYS[dtype](size), shape)];
      }),
  );
  // In turns, because other programs run on most machines.
  for (let i = 0; i < 3; i++) {
    let start = performance.now();
    tf.tidy(() => {
      const results = run(Object.fromEntries(sizes.map(({ name, shape, dtype }) => [name, tf.zeros(shape, dtype)])));
      for (const tensor of Object.values(results)) tensor.dataSync();
    });
    tfjs.push(performance.now() - start);
    start = performance.now();
    await session.run(feeds);
    ort.push(performance.now() - start);
  }
  const { range } = outputs.find(({ error, range }) => (range === 0 ? error : error / range) === relativeError) ?? {};
  const times = { tfjsMs: Math.min(...tfjs), ortMs: Math.min(...ort) };
  const backends = relativeError < TOLERANCE ? undefined : await backendsApart(model, inputs);
  return { backend, relativeError, range, backends, ...times, bytes: file.length };
}

const result = await convert(process.argv[2]!).catch((error: Error): ModelResult => ({ error: error.message }));
console.log(JSON.stringify(result));
