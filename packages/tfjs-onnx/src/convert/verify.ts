/** @module Whether an ONNX file computes what its model computes. */
import * as tf from '@tensorflow/tfjs-core';
import type { Runtime } from '../runtime/device.ts';
import { RandomStream } from '../runtime/random-inputs.ts';
import { type InputSpec, modelSource, type TracedFunction } from './model-source.ts';
import type { GraphModel, LayersModel } from './models.ts';

/** How far one output of the file is from the model's. */
export interface OutputParity {
  readonly name: string;
  readonly shape: readonly number[];
  /** Largest difference of an element. */
  readonly error: number;
  /** Largest value minus smallest value of the model's output. */
  readonly range: number;
}

export interface ParityReport {
  readonly outputs: readonly OutputParity[];
  /** The largest error of an output divided by its range. */
  readonly relativeError: number;
}

/** The size that an open axis has in the comparison. */
const OPEN: Readonly<Record<string, number>> = { N: 2, height: 64, width: 64, length: 16 };

/**
 * Runs the model on TF.js's current backend and the file on an ONNX Runtime, on the same seeded random inputs: float32 from 0 to 1,
 * int32 from 0 to 255, bool either.
 *
 * @param given as the `inputs` that the file was made with.
 */
export async function verify(
  source: LayersModel | GraphModel | TracedFunction,
  file: Uint8Array,
  runtime: Runtime,
  given: Readonly<Record<string, InputSpec>> = {},
): Promise<ParityReport> {
  const { inputs, run } = modelSource(source, given);
  const random = new RandomStream(1);
  const drawn = Object.entries(inputs).map(([name, { shape, dtype = 'float32', order }]) => {
    if (order) throw new Error(`input '${name}' has an order; legal: inputs in TF.js's own order`);
    const sizes = shape.map((size) => (typeof size === 'string' ? (OPEN[size] ?? 8) : size));
    const length = sizes.reduce((product, size) => product * size, 1);
    const scale = dtype === 'float32' ? 1 : dtype === 'bool' ? 2 : 256;
    const numbers = Float32Array.from({ length }, () => {
      const value = random.uniform() * scale;
      return dtype === 'float32' ? value : Math.floor(value);
    });
    return { name, sizes, dtype, numbers };
  });
  const session = await runtime.InferenceSession.create(file);
  try {
    const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array, uint8: Uint8Array };
    const feeds = drawn.map(({ name, sizes, dtype, numbers }) => [
      name,
      new runtime.Tensor(dtype, arrays[dtype].from(numbers) as Float32Array, sizes),
    ]);
    const used = feeds.filter(([name]) => session.inputNames.includes(name as string));
    const results = await session.run(Object.fromEntries(used));
    const outputs: OutputParity[] = [];
    tf.tidy(() => {
      const tensors = drawn.map(({ name, sizes, dtype, numbers }) => [
        name,
        tf.tensor(arrays[dtype].from(numbers), sizes, dtype === 'uint8' ? 'int32' : dtype),
      ]);
      for (const [name, tensor] of Object.entries(run(Object.fromEntries(tensors)))) {
        const actual = results[name]!;
        if (String(actual.dims) !== String(tensor.shape))
          throw new Error(`output '${name}' has shape [${actual.dims}], the model's is [${tensor.shape}]`);
        outputs.push({ name, shape: tensor.shape, ...difference(actual.data as Float32Array, tensor.dataSync()) });
      }
    });
    const relative = outputs.map(({ error, range }) => (range === 0 ? error : error / range));
    return { outputs, relativeError: Math.max(0, ...relative) };
  } finally {
    await session.release();
  }
}

/** The largest difference of an element, and the range of the expected values. */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): { error: number; range: number } {
  let [error, least, most] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [Number(actual[i]), Number(expected[i])];
    if (!Object.is(a, b) && a !== b)
      error = Math.max(error, Number.isNaN(a - b) ? Number.POSITIVE_INFINITY : Math.abs(a - b));
    least = Math.min(least, b);
    most = Math.max(most, b);
  }
  return { error, range: expected.length === 0 ? 0 : most - least };
}
