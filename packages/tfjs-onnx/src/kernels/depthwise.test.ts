import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { NCHW } from '../graph/traced.ts';
import { example, testLowerings } from '../testing/lowering-cases.ts';
import { float, Random } from '../testing/random-values.ts';
import { trace } from '../trace.ts';
import { TraceError } from '../tracing-backend.ts';
import { depthwiseLowerings } from './depthwise.ts';

type Size = [number, number, number, number];

interface Depthwise {
  x: Size;
  filter: Size;
  strides?: number | [number, number];
  pad?: 'valid' | 'same' | number | [[0, 0], [number, number], [number, number], [0, 0]];
  dilations?: number | [number, number];
  rounding?: 'floor' | 'ceil';
}

const convolutions: readonly Depthwise[] = [
  // MobileNet's: 3x3 with stride 1, 3x3 with stride 2 on a picture that was padded before.
  { x: [2, 6, 6, 4], filter: [3, 3, 4, 1] },
  { x: [2, 9, 9, 4], filter: [3, 3, 4, 1], strides: 2, pad: 'valid' },
  // Even and odd sizes, filters and strides.
  ...[1, 2, 3].flatMap((strides) =>
    (['same', 'valid'] as const).flatMap((pad): Depthwise[] => [
      { x: [2, 6, 7, 3], filter: [3, 3, 3, 1], strides, pad },
      { x: [1, 7, 6, 2], filter: [4, 2, 2, 2], strides, pad },
      { x: [2, 8, 5, 2], filter: [2, 5, 2, 1], strides, pad },
    ]),
  ),
  { x: [2, 8, 8, 2], filter: [3, 2, 2, 3], strides: [3, 2], pad: 'valid' },
  // One channel; one pixel; a filter larger than the input; several outputs for each channel.
  { x: [3, 5, 4, 1], filter: [3, 3, 1, 4] },
  { x: [2, 1, 1, 3], filter: [3, 3, 3, 2] },
  { x: [2, 2, 3, 2], filter: [5, 5, 2, 2] },
  { x: [2, 4, 4, 3], filter: [1, 1, 3, 2], pad: 'valid' },
  // Padding by numbers, also by more than the filter reaches.
  { x: [2, 5, 6, 2], filter: [3, 3, 2, 1], pad: 1 },
  { x: [2, 5, 6, 2], filter: [3, 3, 2, 2], pad: 3 },
  {
    x: [2, 5, 6, 2],
    filter: [3, 3, 2, 1],
    pad: [
      [0, 0],
      [0, 2],
      [1, 0],
      [0, 0],
    ],
  },
  {
    x: [2, 6, 6, 2],
    filter: [3, 3, 2, 1],
    strides: 2,
    rounding: 'floor',
    pad: [
      [0, 0],
      [0, 1],
      [0, 1],
      [0, 0],
    ],
  },
  { x: [2, 6, 7, 2], filter: [3, 3, 2, 2], pad: 1, strides: 2, rounding: 'floor' },
];
/** TF.js does not differentiate it. */
const dilated: readonly Depthwise[] = [
  { x: [2, 7, 7, 2], filter: [3, 3, 2, 2], dilations: 2 },
  { x: [2, 9, 7, 2], filter: [3, 2, 2, 1], pad: 'valid', dilations: [2, 3] },
];

const run = ({ strides = 1, pad = 'same', dilations = 1, rounding }: Depthwise, x: tf.Tensor, filter: tf.Tensor) =>
  tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, 'NHWC', dilations, rounding);

const cases = (list: readonly Depthwise[], gradients: readonly string[]) =>
  list.map((convolution) =>
    example(
      { x: float(...convolution.x), filter: float(...convolution.filter) },
      ({ x, filter }) => run(convolution, x, filter),
      { gradients },
    ),
  );

describe.each(['conv', 'gemm'] as const)('as %s', (convolution) => {
  testLowerings(
    depthwiseLowerings,
    {
      DepthwiseConv2dNative: [...cases(convolutions, ['x']), ...cases(dilated, [])],
      DepthwiseConv2dNativeBackpropInput: cases(convolutions, ['x']),
    },
    convolution,
  );
});

test('the gradient of a filter is refused by the name of its kernel', () => {
  const gradient = () =>
    trace(({ x, filter }) => ({ dy: tf.grad((f) => tf.sum(run({} as Depthwise, x!, f)))(filter!) }), {
      x: { shape: [1, 4, 4, 2] },
      filter: { shape: [3, 3, 2, 1] },
    });
  expect(gradient).toThrow(TraceError);
  expect(gradient).toThrow(/kernel 'DepthwiseConv2dNativeBackpropFilter' has no lowering to ONNX; .*depthwise\.test/);
});

test.each(['conv', 'gemm'] as const)(
  'as %s, a block of MobileNet moves no axes, forward and backward',
  (convolution) => {
    const weights = (...shape: [number, number, number, number]) =>
      tf.tensor4d(new Random(1).values({ shape }) as Float32Array, shape);
    const block = (x: tf.Tensor) => {
      const expanded = tf.relu6(tf.conv2d(x as tf.Tensor4D, weights(1, 1, 2, 12), 1, 'same'));
      const filtered = tf.relu6(tf.depthwiseConv2d(expanded, weights(3, 3, 12, 1), 1, 'same'));
      return tf.add(x, tf.conv2d(filtered, weights(1, 1, 12, 2), 1, 'same'));
    };
    const { nodes } = trace(
      ({ x }) => ({ y: block(x!), dx: tf.grad((t) => tf.sum(tf.square(block(t))))(x!) }),
      { x: { shape: [2, 6, 6, 2], order: NCHW } },
      { convolution, outputOrders: { y: NCHW, dx: NCHW } },
    );
    expect(nodes.map(({ operator }) => operator)).not.toContain('Transpose');
  },
);
