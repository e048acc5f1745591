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
/** Rows with NaN at the start, in the middle, at the end, and nowhere; infinities beside it. */
const withNaN: TestInput = {
  shape: [5, 4],
  values: [NaN, 1, 2, 3, 1, NaN, 9, 2, 4, 4, -1, NaN, 3, 1, 2, 0, NaN, Infinity, -Infinity, NaN],
};
const passing = (op: Reduction) =>
  [0, 1, -1, undefined].map((axis) => example({ x: withNaN }, ({ x }) => op(x, axis), { gradients: [] }));
const searching = (op: (x: tf.Tensor, axis: number) => tf.Tensor) => [
  ...along(op),
  ...along(op, int),
  ...along(op, bool),
  ...[0, 1].map((axis) => example({ x: withNaN }, ({ x }) => op(x, axis))),
];

testLowerings(reduceLowerings, {
  Sum: [...reductions(tf.sum, float), ...reductions(tf.sum, int), ...reductions(tf.sum, bool)],
  Mean: [...reductions(tf.mean, float), ...reductions(tf.mean, int)],
  Max: [...reductions(tf.max, float), ...reductions(tf.max, int), ...passing(tf.max)],
  Min: [...reductions(tf.min, float), ...reductions(tf.min, int), ...passing(tf.min)],
  Prod: [
    ...reductions(tf.prod, (...shape) => within(0.5, 1.5, ...shape)).map((lowering, i) => {
      // TF.js does not differentiate by axes that count from the end.
      const [, axis] = axes[Math.floor(i / 2)]!;
      return [axis ?? 0].flat().some((one) => one < 0) ? { ...lowering, gradients: [] } : lowering;
    }),
    ...reductions(tf.prod, (...shape) => ({ shape, dtype: 'int32', range: [-1, 1] })),
  ],
  All: reductions(tf.all, bool),
  Any: reductions(tf.any, bool),
  ArgMax: searching(tf.argMax).map((lowering) => ({ ...lowering, gradients: [] })),
  ArgMin: searching(tf.argMin).map((lowering) => ({ ...lowering, gradients: [] })),
  // tf.logSoftmax is composed of other kernels; models from elsewhere call this one.
  LogSoftmax: [[5], [2, 3, 4, 5]].map((shape) =>
    example(
      { logits: float(...shape) },
      ({ logits }) => tf.engine().runKernel('LogSoftmax', { logits }, { axis: -1 }),
      {
        gradients: [],
        reference: ({ logits: x }) => tf.logSoftmax(x!),
      },
    ),
  ),
  Cumprod: [
    ...along((x, axis) => tf.cumprod(x, axis), float, { gradients: [] }),
    ...along((x, axis) => tf.cumprod(x, axis, true, false), float, { gradients: [] }),
    ...along((x, axis) => tf.cumprod(x, axis, false, true), float, { gradients: [] }),
    ...along((x, axis) => tf.cumprod(x, axis, true, true), int),
    ...along((x, axis) => tf.cumprod(x, axis), bool),
  ],
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
    ...along(tf.cumsum, bool),
  ],
});
