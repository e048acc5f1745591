import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { NCHW } from '../graph/traced.ts';
import { example, testLowerings } from '../testing/lowering-cases.ts';
import { float, Random } from '../testing/random-values.ts';
import { trace } from '../trace.ts';
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

/** The kernel itself, as TF.js does not differentiate dilated convolutions. */
const dilatedFilterGradients = dilated.map(({ x, filter, pad = 'same', dilations }) => {
  const output = tf.backend_util.computeConv2DInfo(x, filter, 1, dilations ?? 1, pad, undefined, true).outShape;
  const attrs = { strides: 1, pad, dilations, filterShape: filter };
  return example(
    { x: float(...x), dy: float(...output) },
    (inputs) => tf.engine().runKernel('DepthwiseConv2dNativeBackpropFilter', inputs, attrs as never) as tf.Tensor,
    {
      gradients: [],
      // Its definition: each element of the filter multiplies a shifted input.
      reference: ({ x: input, dy }) => filterGradient(input as tf.Tensor4D, dy as tf.Tensor4D, filter, pad, dilations),
    },
  );
});

/** dy times the input under each element of the filter, summed over the batch and the picture. */
function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  [height, width, C, M]: Size,
  pad: Depthwise['pad'],
  dilations: Depthwise['dilations'] = 1,
): tf.Tensor {
  const { padInfo, dilationHeight, dilationWidth } = tf.backend_util.computeConv2DInfo(
    x.shape,
    [height, width, C, M],
    1,
    dilations,
    pad!,
    undefined,
    true,
  );
  const { top, bottom, left, right } = padInfo;
  const padded = tf.pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const [N, h, w] = dy.shape;
  const split = tf.reshape(dy, [N, h, w, C, M]);
  const taps = Array.from({ length: height * width }, (_, i) => {
    const start = [0, Math.floor(i / width) * dilationHeight, (i % width) * dilationWidth, 0];
    const under = tf.reshape(tf.slice(padded, start, [N, h, w, C]), [N, h, w, C, 1]);
    return tf.sum(tf.mul(under, split), [0, 1, 2]);
  });
  return tf.reshape(tf.stack(taps), [height, width, C, M]);
}

const fused = (['linear', 'relu', 'relu6', 'prelu'] as const).map((activation) =>
  example(
    { x: float(2, 5, 6, 3), filter: float(3, 3, 3, 2), bias: float(6), slope: float(6) },
    ({ x, filter, bias, slope }) =>
      tf.fused.depthwiseConv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        bias,
        activation,
        ...(activation === 'prelu' ? { preluActivationWeights: slope } : {}),
      }),
    { gradients: [] },
  ),
);

describe.each(['conv', 'gemm'] as const)('as %s', (convolution) => {
  testLowerings(
    depthwiseLowerings,
    {
      DepthwiseConv2dNative: [...cases(convolutions, ['x']), ...cases(dilated, [])],
      DepthwiseConv2dNativeBackpropInput: cases(convolutions, ['x']),
      DepthwiseConv2dNativeBackpropFilter: [...cases(convolutions, ['filter']), ...dilatedFilterGradients],
      FusedDepthwiseConv2D: fused,
    },
    convolution,
  );
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
