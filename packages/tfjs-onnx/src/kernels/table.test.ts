import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { TRACING_BACKEND } from '../tracing-backend.ts';
import { batchNormLowerings } from './batch-norm.ts';
import { complexLowerings } from './complex.ts';
import { convolutionLowerings } from './convolution.ts';
import { depthwiseLowerings } from './depthwise.ts';
import { elementwiseLowerings } from './elementwise.ts';
import { imageLowerings } from './image.ts';
import { matmulLowerings } from './matmul.ts';
import { poolLowerings } from './pool.ts';
import { reduceLowerings } from './reduce.ts';
import { samplingLowerings } from './sampling.ts';
import { scatterLowerings } from './scatter.ts';
import { shapeLowerings } from './shape.ts';
import { loweringTable } from './table.ts';
import { volumeLowerings } from './volume.ts';

test('the table holds exactly the lowerings whose own tests cover each of them', () => {
  const tables = [
    batchNormLowerings,
    complexLowerings,
    convolutionLowerings,
    depthwiseLowerings,
    elementwiseLowerings,
    imageLowerings,
    matmulLowerings,
    poolLowerings,
    reduceLowerings,
    samplingLowerings,
    scatterLowerings,
    shapeLowerings,
    volumeLowerings,
  ];
  expect(Object.keys(loweringTable).sort()).toEqual(tables.flatMap((table) => Object.keys(table)).sort());
});

test('every lowering is named as a kernel of TF.js', () => {
  const kernels = new Set<unknown>(Object.values(tf));
  expect(Object.keys(loweringTable).filter((name) => !kernels.has(name))).toEqual([]);
});

test('every kernel of the cpu backend can be called while tracing, if only to say that it has no lowering', () => {
  const missing = tf.getKernelsForBackend('cpu').filter(({ kernelName }) => !tf.getKernel(kernelName, TRACING_BACKEND));
  expect(missing.map(({ kernelName }) => kernelName)).toEqual([]);
});
