// @module-tag slow

import * as tf from '@tensorflow/tfjs-core';
import { describe } from 'vitest';
import { example, type LoweringCase, testLowerings } from '../testing/lowering-cases.ts';
import { float } from '../testing/random-values.ts';
import { convolutionLowerings } from './convolution.ts';

type Pair = number | [number, number];
type Padding = 'valid' | 'same' | number | [[0, 0], [number, number], [number, number], [0, 0]];

interface Convolution {
  x: [number, number, number, number];
  filter: [number, number, number, number];
  strides?: Pair;
  pad?: Padding;
  dilations?: Pair;
  rounding?: 'floor' | 'round' | 'ceil';
}

const explicit = (top: number, bottom: number, left: number, right: number): Padding => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
];

const convolutions: readonly Convolution[] = [
  // DCGAN's own: 4x4, stride 2; 4x4 over the whole input; 3x3; 1x1.
  { x: [2, 8, 8, 3], filter: [4, 4, 3, 4], strides: 2, pad: 'same' },
  { x: [2, 8, 8, 3], filter: [4, 4, 3, 4], strides: 2, pad: 1 },
  { x: [2, 8, 8, 4], filter: [4, 4, 4, 5], strides: 2, pad: 'same' },
  { x: [3, 4, 12, 5], filter: [4, 4, 5, 4], strides: 2, pad: 1 },
  { x: [1, 16, 4, 6], filter: [4, 4, 6, 4], strides: 2, pad: 'same' },
  { x: [8, 16, 16, 4], filter: [4, 4, 4, 5], strides: 2, pad: 'same' },
  { x: [32, 8, 8, 5], filter: [4, 4, 5, 4], strides: 2, pad: 1 },
  { x: [3, 8, 9, 1], filter: [2, 3, 1, 4], pad: 'same' },
  { x: [2, 10, 8, 4], filter: [4, 4, 4, 4], strides: 2, pad: 'same' },
  { x: [2, 8, 8, 4], filter: [4, 4, 4, 4], strides: 2, pad: explicit(1, 1, 2, 0) },
  { x: [2, 4, 4, 5], filter: [4, 4, 5, 1], pad: 'valid' },
  { x: [2, 4, 4, 5], filter: [4, 4, 5, 3], pad: 'valid', strides: 2 },
  { x: [2, 4, 5, 3], filter: [3, 3, 3, 2], pad: 'same' },
  { x: [3, 4, 4, 3], filter: [1, 1, 3, 4], pad: 'same' },
  // Odd sizes, strides that do not fit, strides larger than the filter.
  { x: [1, 7, 5, 2], filter: [3, 3, 2, 3], strides: 2, pad: 'same' },
  { x: [1, 7, 6, 2], filter: [3, 3, 2, 3], strides: 2, pad: 'valid' },
  { x: [2, 7, 9, 2], filter: [4, 4, 2, 3], strides: 2, pad: 'same' },
  { x: [2, 8, 8, 2], filter: [3, 2, 2, 3], strides: [3, 2], pad: 'valid' },
  { x: [1, 7, 7, 2], filter: [2, 2, 2, 2], strides: 3, pad: 'valid' },
  { x: [2, 5, 5, 2], filter: [1, 1, 2, 3], strides: 2, pad: 'same' },
  // One pixel; filters larger than the input.
  { x: [2, 1, 1, 3], filter: [1, 1, 3, 2], pad: 'valid' },
  { x: [2, 1, 1, 3], filter: [3, 3, 3, 2], pad: 'same' },
  { x: [2, 2, 3, 2], filter: [5, 5, 2, 2], pad: 'same' },
  { x: [1, 2, 2, 2], filter: [5, 4, 2, 2], pad: 3, strides: 2, rounding: 'floor' },
  // Padding by numbers.
  { x: [2, 5, 6, 2], filter: [3, 3, 2, 3], pad: 2 },
  { x: [2, 5, 6, 2], filter: [3, 3, 2, 3], pad: explicit(0, 2, 1, 0) },
  { x: [2, 5, 6, 2], filter: [4, 3, 2, 3], pad: explicit(2, 1, 0, 3), strides: 2, rounding: 'floor' },
  { x: [2, 6, 7, 2], filter: [3, 3, 2, 3], pad: 1, strides: 2, rounding: 'floor' },
  { x: [1, 6, 6, 1], filter: [2, 2, 1, 1], pad: 0, strides: [1, 2] },
];
/** TF.js differentiates neither of these. */
const forwardOnly: readonly Convolution[] = [
  { x: [2, 7, 7, 2], filter: [3, 3, 2, 3], pad: 'same', dilations: 2 },
  { x: [2, 9, 7, 2], filter: [3, 2, 2, 3], pad: 'valid', dilations: [2, 3] },
  { x: [2, 6, 7, 2], filter: [3, 3, 2, 3], pad: 1, strides: 2, rounding: 'ceil' },
];

const run =
  ({ strides = 1, pad = 'same', dilations = 1, rounding }: Convolution) =>
  ({ x, filter }: { x: tf.Tensor; filter: tf.Tensor }) =>
    tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, 'NHWC', dilations, rounding);

const forward = [
  ...convolutions.map((convolution) =>
    example({ x: float(...convolution.x), filter: float(...convolution.filter) }, run(convolution)),
  ),
  ...forwardOnly.map((convolution) =>
    example({ x: float(...convolution.x), filter: float(...convolution.filter) }, run(convolution), { gradients: [] }),
  ),
];

/** A critic's gradient penalty: convolution, LeakyReLU, convolution over all. */
const critic = example(
  { x: float(2, 6, 6, 2), filter: float(4, 4, 2, 3), last: float(3, 3, 3, 1) },
  ({ x, filter, last }) => {
    const hidden = tf.leakyRelu(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same'), 0.2);
    return tf.conv2d(hidden, last as tf.Tensor4D, 1, 'valid');
  },
  { penalty: 'x' },
);

const wideCritic = example(
  { x: float(2, 8, 8, 4), filter: float(4, 4, 4, 5), last: float(4, 4, 5, 1) },
  ({ x, filter, last }) => {
    const hidden = tf.leakyRelu(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same'), 0.2);
    return tf.conv2d(hidden, last as tf.Tensor4D, 1, 'valid');
  },
  { penalty: 'x' },
);

const transposed: LoweringCase[] = [
  // A generator's: 4x4 stride 2, and 4x4 from one pixel.
  example({ x: float(2, 4, 4, 3), filter: float(4, 4, 2, 3) }, ({ x, filter }) =>
    tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [2, 8, 8, 2], 2, 'same'),
  ),
  example({ x: float(2, 4, 2, 5), filter: float(4, 4, 4, 5) }, ({ x, filter }) =>
    tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [2, 8, 4, 4], 2, 'same'),
  ),
  example({ x: float(2, 1, 1, 5), filter: float(4, 4, 3, 5) }, ({ x, filter }) =>
    tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [2, 4, 4, 3], 1, 'valid'),
  ),
  example({ x: float(1, 3, 4, 2), filter: float(3, 3, 3, 2) }, ({ x, filter }) =>
    tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [1, 5, 7, 3], 2, 'same'),
  ),
  example({ x: float(2, 3, 3, 2), filter: float(4, 4, 3, 2) }, ({ x, filter }) =>
    tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [2, 9, 8, 3], 2, 'valid'),
  ),
  example({ x: float(2, 3, 3, 2), filter: float(4, 4, 3, 2) }, ({ x, filter }) =>
    tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [2, 6, 6, 3], 2, 1, 'floor'),
  ),
];

const fusable = { x: float(2, 5, 5, 2), filter: float(3, 3, 2, 4), bias: float(4) };
const fused = [
  ...(['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu'] as const).map((activation) =>
    example(
      fusable,
      ({ x, filter, bias }) =>
        tf.fused.conv2d({
          x: x as tf.Tensor4D,
          filter: filter as tf.Tensor4D,
          bias,
          strides: 2,
          pad: 'same',
          activation,
          leakyreluAlpha: 0.3,
        }),
      { gradients: activation === 'linear' ? ['x', 'filter', 'bias'] : [] },
    ),
  ),
  example(
    { ...fusable, slope: float(4) },
    ({ x, filter, slope }) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: 'valid',
        activation: 'prelu',
        preluActivationWeights: slope,
      }),
    { gradients: [] },
  ),
];

/** The same convolutions of NCHW tensors, which TF.js's cpu backend computes too. */
const channelsFirst = [
  example({ x: float(2, 3, 6, 7), filter: float(3, 3, 3, 4) }, ({ x, filter }) =>
    tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same', 'NCHW'),
  ),
  example({ x: float(1, 2, 5, 5), filter: float(2, 3, 2, 3) }, ({ x, filter }) =>
    tf.conv2d(
      x as tf.Tensor4D,
      filter as tf.Tensor4D,
      1,
      [
        [0, 0],
        [0, 0],
        [1, 0],
        [0, 2],
      ],
      'NCHW',
    ),
  ),
];

describe.each(['conv', 'gemm'] as const)('as %s', (convolution) => {
  testLowerings(
    convolutionLowerings,
    {
      Conv2D: [...forward, critic, wideCritic, ...channelsFirst],
      Conv2DBackpropInput: [
        // TF.js passes over what of dy lies outside of the output.
        example(
          { dy: float(1, 4, 4, 2), filter: float(1, 1, 3, 2) },
          ({ dy, filter }) => tf.conv2dTranspose(dy as tf.Tensor4D, filter as tf.Tensor4D, [1, 2, 2, 3], 1, 'same'),
          { gradients: [] },
        ),
        ...transposed,
        critic,
        wideCritic,
      ],
      Conv2DBackpropFilter: [...forward.filter(({ gradients }) => !gradients), channelsFirst[0]!],
      FusedConv2D: fused,
    },
    convolution,
  );
});
