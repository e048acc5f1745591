/** @module Kernels on constants alone, computed while tracing by another of TF.js's backends. */
import * as tf from '@tensorflow/tfjs-core';
import type { ConstantData } from './graph/types.ts';

/** Name of the TF.js backend that records instead of computing. */
export const TRACING_BACKEND = 'tfjs-onnx';

/** A constant operand: its values in logical row-major order. */
export interface ConstantOperand {
  readonly values: ConstantData;
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
}

/** Kernels whose result is not a function of their operands. */
const RANDOM = new Set(['Multinomial']);

/** The backend that computes constants: TF.js's plain JavaScript one if the program has it, else the one in use before the trace. */
function computingBackend(previous: string | undefined): string | undefined {
  const { registryFactory } = tf.engine() as unknown as { registryFactory: Record<string, unknown> };
  if ('cpu' in registryFactory) return 'cpu';
  // Where no other backend is registered, TF.js chose the tracing one.
  return previous === TRACING_BACKEND ? undefined : previous;
}

/**
 * The results of a kernel, or undefined if no backend here can compute it.
 *
 * @param operands by name, as the kernel takes them; a list for kernels that take one.
 * @param previous the backend in use before the trace.
 */
export function computeConstants(
  kernelName: string,
  operands: Readonly<Record<string, ConstantOperand>> | readonly ConstantOperand[],
  attrs: tf.NamedAttrMap | undefined,
  previous: string | undefined,
): ConstantOperand[] | undefined {
  const name = computingBackend(previous);
  const kernel = name === undefined || RANDOM.has(kernelName) ? undefined : tf.getKernel(kernelName, name);
  const backend = kernel && tf.findBackend(name!);
  if (!kernel || !backend) return undefined;
  const written: tf.TensorInfo[] = [];
  const write = ({ values, shape, dtype }: ConstantOperand): tf.TensorInfo => {
    const info = { dataId: backend.write(values as tf.BackendValues, [...shape], dtype), shape: [...shape], dtype };
    written.push(info);
    return info;
  };
  const inputs = Array.isArray(operands)
    ? operands.map(write)
    : Object.fromEntries(Object.entries(operands).map(([key, operand]) => [key, write(operand as ConstantOperand)]));
  try {
    const result = kernel.kernelFunc({ inputs: inputs as tf.NamedTensorInfoMap, attrs: attrs!, backend });
    const results = Array.isArray(result) ? result : [result];
    written.push(...results);
    if (results.some(({ dtype }) => !['float32', 'int32', 'bool'].includes(dtype))) return undefined;
    return results.map(({ dataId, shape, dtype }) => ({
      values: backend.readSync(dataId) as ConstantData,
      shape,
      dtype,
    }));
  } finally {
    for (const dataId of new Set(written.map((info) => info.dataId))) backend.disposeData(dataId, true);
  }
}
