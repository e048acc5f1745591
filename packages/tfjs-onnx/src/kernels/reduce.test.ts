// @module-tag slow

import * as tf from '@tensorflow/tfjs-core';
import { example, type LoweringCase, testLowerings } from '../testing/lowering-cases.ts';
import { bool, float, int, type TestInput, within } from '../testing/random-values.ts';
import { reduceLowerings } from './reduce.ts';

type Reduction = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;

const axes: readonly (readonly [number[], number | number[] | undefined])[] = [
  [[], undefined],
  [[5], undefined],
  [[2, 3], 0],
  [[2, 3], -1],
  [
    [2, 3, 4],
    [0, 2],
  ],
  [[2, 3, 4, 5], undefined],
  [
    [2, 3, 4, 5],
    [1, 2],
  ],
  [
    [2, 3, 4, 5],
    [0, -1],
  ],
  [
    [2, 3, 4, 5],
    [0, 1, 2],
  ],
  [[2, 3, 4, 5], 3],
  [
    [2, 1, 4, 1],
    [1, 3],
  ],
  [
    [2, 1, 3, 1, 2],
    [-5, 2],
  ],
];
const reductions = (op: Reduction, input: (...shape: number[]) => TestInput, options = {}): LoweringCase[] =>
  axes.flatMap(([shape, axis]) =>
    [false, true].map((keepDims) => example({ x: input(...shape) }, ({ x }) => op(x, axis, keepDims), options)),
  );
const along = (op: (x: tf.Tensor, axis: number) => tf.Tensor, input = float, options = {}) =>
  [0, 1, 2, 3].map((axis) => example({ x: input(2, 3, 4, 5) }, ({ x }) => op(x, axis), options));
testLowerings(reduceLowerings, {
  Sum: [...reductions(tf.sum, float), ...reductions(tf.sum, int), ...reductions(tf.sum, bool)],
  Mean: [...reductions(tf.mean, float), ...reductions(tf.mean, int)],
  Max: [...reductions(tf.max, float), ...reductions(tf.max, int)],
  Min: [...reductions(tf.min, float), ...reductions(tf.min, int)],
  // TF.js's gradient of prod needs cumprod, which ONNX does not have.
  Prod: [
    ...reductions(tf.prod, (...shape) => within(0.5, 1.5, ...shape), { gradients: [] }),
    ...reductions(tf.prod, (...shape) => ({ shape, dtype: 'int32', range: [-1, 1] })),
  ],
  All: reductions(tf.all, bool),
  Any: reductions(tf.any, bool),
  ArgMax: [...along(tf.argMax), ...along(tf.argMax, int)].map((lowering) => ({ ...lowering, gradients: [] })),
  ArgMin: [...along(tf.argMin), ...along(tf.argMin, int)].map((lowering) => ({ ...lowering, gradients: [] })),
  Softmax: [
    example({ x: float(5) }, ({ x }) => tf.softmax(x)),
    example({ x: float(2, 3, 4, 5) }, ({ x }) => tf.softmax(x)),
    example({ x: within(-80, 80, 3, 4) }, ({ x }) => tf.softmax(x)),
  ],
  Cumsum: [
    // TF.js's gradient of cumsum is right for the last axis only.
    example({ x: float(2, 3, 4, 5) }, ({ x }) => tf.cumsum(x, 3)),
    example({ x: float(2, 3, 4, 5) }, ({ x }) => tf.cumsum(x, 3, false, true)),
    ...along(tf.cumsum, float, { gradients: [] }),
    ...along((x, axis) => tf.cumsum(x, axis, true, false), float, { gradients: [] }),
    ...along((x, axis) => tf.cumsum(x, axis, false, true), float, { gradients: [] }),
    ...along((x, axis) => tf.cumsum(x, axis, true, true), float, { gradients: [] }),
    ...along(tf.cumsum, int),
  ],
});
