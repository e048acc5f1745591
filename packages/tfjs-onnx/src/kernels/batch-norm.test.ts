import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { compare, type TensorFunction } from '../testing/compare.ts';
import { withGradients } from '../testing/gradients.ts';
import { example, testLowerings } from '../testing/lowering-cases.ts';
import { float, Random, within } from '../testing/random-values.ts';
import { batchNormLowerings } from './batch-norm.ts';

const constant = (seed: number, range: readonly [number, number], ...shape: number[]) =>
  tf.tensor(new Random(seed).values({ shape, range }), shape);

/** Batch norm whose statistics are constants, as in a trained network. */
const frozen = (x: tf.Tensor, hasScale = true): tf.Tensor => {
  const vector = (seed: number, from: number, to: number) => constant(seed, [from, to], x.shape.at(-1)!) as tf.Tensor1D;
  const scale = hasScale ? vector(1, -2, 2) : undefined;
  return tf.batchNorm(x, vector(2, -2, 2), vector(3, 0.5, 2), vector(4, -2, 2), scale, 1e-3);
};

const statistics = { mean: float(3), variance: within(0.5, 2, 3), offset: float(3), scale: float(3) };

testLowerings(batchNormLowerings, {
  FusedBatchNorm: [
    ...[
      [2, 4, 5, 3],
      [4, 5, 3],
      [4, 3],
    ].map((shape) =>
      example({ x: float(...shape), ...statistics }, ({ x, mean, variance, offset, scale }) =>
        tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D),
      ),
    ),
    ...[
      [2, 4, 5, 3],
      [1, 1, 1, 3],
      [6, 2],
    ].map((shape) => example({ x: float(...shape) }, ({ x }) => tf.square(frozen(x)), { penalty: 'x' })),
    // TF.js fails to differentiate a batch norm without scale or offset.
    ...[
      example({ x: float(2, 3, 2, 3) }, ({ x }) => frozen(x, false)),
      // Statistics of every element instead of every channel.
      example(
        { x: float(2, 3, 2, 3), mean: float(2, 3, 2, 3), variance: within(0.5, 2, 2, 3, 2, 3) },
        ({ x, mean, variance }) => tf.batchNorm(x as tf.Tensor4D, mean as tf.Tensor4D, variance as tf.Tensor4D),
      ),
      example({ x: float(2, 2, 3), mean: float(3), variance: within(0.5, 2, 3) }, ({ x, mean, variance }) =>
        tf.batchNorm(x as tf.Tensor3D, mean as tf.Tensor1D, variance as tf.Tensor1D, undefined, undefined, 0.1),
      ),
    ].map((lowering) => ({ ...lowering, gradients: [] })),
  ],
});

const filter = (...shape: [number, number, number, number]) => constant(5, [-1, 1], ...shape) as tf.Tensor4D;
const convolutions: Readonly<Record<string, (x: tf.Tensor4D) => tf.Tensor>> = {
  '3x3': (x) => tf.conv2d(x, filter(3, 3, 4, 5), 1, 'same'),
  '3x3, stride 2': (x) => tf.conv2d(x, filter(3, 3, 4, 5), 2, 'valid'),
  '4x4, stride 2': (x) => tf.conv2d(x, filter(4, 4, 4, 5), 2, 'same'),
  '1x1': (x) => tf.conv2d(x, filter(1, 1, 4, 6), 1, 'same'),
  'over the whole input': (x) => tf.conv2d(x, filter(8, 8, 4, 5), 1, 'valid'),
  depthwise: (x) => tf.depthwiseConv2d(x, filter(3, 3, 4, 2), 1, 'same'),
  'depthwise, stride 2': (x) => tf.depthwiseConv2d(x, filter(3, 3, 4, 1), 2, 'same'),
  'as many channels in as out': (x) => tf.conv2d(x, filter(3, 3, 4, 4), 1, 'same'),
};
const folded: Readonly<Record<'conv' | 'gemm', readonly string[]>> = {
  conv: Object.keys(convolutions).filter((name) => name !== 'over the whole input'),
  // Winograd's product is not that of the filter.
  gemm: Object.keys(convolutions).filter((name) => name !== '4x4, stride 2'),
};

describe.each(['conv', 'gemm'] as const)('after a convolution as %s', (convolution) => {
  const inputs = { x: float(2, 8, 8, 4) };
  const layer =
    (name: string): TensorFunction =>
    ({ x }) =>
      frozen(convolutions[name]!(x as tf.Tensor4D));

  test.each(Object.keys(convolutions))('%s: values and the gradient of the input are right', async (name) => {
    await compare(withGradients(layer(name), ['x']), { inputs, convolution });
    await compare(
      withGradients((tensors) => tf.relu6(layer(name)(tensors) as tf.Tensor), ['x']),
      {
        inputs,
        convolution,
      },
    );
  });

  test.each(folded[convolution])('%s: the factors are in the filter', async (name) => {
    const operators = async (fn: TensorFunction) =>
      (await compare(fn, { inputs, convolution })).nodes
        .map(({ operator }) => operator)
        .filter((operator) => /Mul$|Add/.test(operator));
    const bare: TensorFunction = ({ x }) => convolutions[name]!(x as tf.Tensor4D);
    expect(await operators(layer(name))).toEqual(await operators(bare));
    expect(await operators(withGradients(layer(name), ['x']))).toEqual(await operators(withGradients(bare, ['x'])));
  });

  test('a convolution that something else reads keeps its own result', async () => {
    const fn: TensorFunction = ({ x }) => {
      const y = convolutions['3x3']!(x as tf.Tensor4D);
      return [y, frozen(y), frozen(frozen(y))];
    };
    await compare(fn, { inputs, convolution });
  });

  test('a filter that is an input is left alone', async () => {
    const fn: TensorFunction = ({ x, w }) => frozen(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'));
    await compare(withGradients(fn, ['x', 'w']), { inputs: { ...inputs, w: float(3, 3, 4, 5) }, convolution });
  });
});
