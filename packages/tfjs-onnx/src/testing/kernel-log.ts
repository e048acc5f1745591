import * as tf from '@tensorflow/tfjs-core';
import { loweringTable } from '../kernels/table.ts';
import { TRACING_BACKEND } from '../tracing-backend.ts';

const called = new Set<string>();

for (const kernelName of Object.keys(loweringTable)) {
  const kernel = tf.getKernel(kernelName, TRACING_BACKEND)!;
  tf.unregisterKernel(kernelName, TRACING_BACKEND);
  tf.registerKernel({
    ...kernel,
    kernelFunc: (parameters) => {
      called.add(kernelName);
      return kernel.kernelFunc(parameters);
    },
  });
}

/** The kernels that were lowered since the last call. */
export function loweredKernels(): Set<string> {
  const result = new Set(called);
  called.clear();
  return result;
}
