import * as tf from '@tensorflow/tfjs-core';
import { example, testLowerings } from '../testing/lowering-cases.ts';
import { float, int, within } from '../testing/random-values.ts';
import { matmulLowerings } from './matmul.ts';

const activations = ['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu'] as const;

testLowerings(matmulLowerings, {
  BatchMatMul: [
    example({ a: float(3, 4), b: float(4, 5) }, ({ a, b }) => tf.matMul(a, b)),
    example({ a: float(3, 4), b: float(4, 5) }, ({ a, b }) => tf.matMul(a, b), { gradients: ['b'], penalty: 'a' }),
    example({ a: float(4, 3), b: float(4, 5) }, ({ a, b }) => tf.matMul(a, b, true)),
    example({ a: float(3, 4), b: float(5, 4) }, ({ a, b }) => tf.matMul(a, b, false, true)),
    example({ a: float(4, 3), b: float(5, 4) }, ({ a, b }) => tf.matMul(a, b, true, true)),
    example({ a: float(1, 4), b: float(4, 1) }, ({ a, b }) => tf.matMul(a, b)),
    example({ a: float(3, 1), b: float(1, 3) }, ({ a, b }) => tf.matMul(a, b)),
    example({ a: float(3, 4), b: float(3, 4) }, ({ a, b }) => tf.matMul(tf.transpose(a), b)),
    example({ a: float(2, 3, 4), b: float(2, 4, 5) }, ({ a, b }) => tf.matMul(a, b), {
      gradients: ['b'],
      penalty: 'a',
    }),
    example({ a: float(2, 4, 3), b: float(2, 5, 4) }, ({ a, b }) => tf.matMul(a, b, true, true)),
    example({ a: float(2, 3, 4, 2), b: float(2, 3, 2, 3) }, ({ a, b }) => tf.matMul(a, b)),
    example({ a: float(3, 4), b: float(2, 4, 3) }, ({ a, b }) => tf.matMul(a, b), { gradients: [] }),
    example({ a: int(3, 4), b: int(4, 2) }, ({ a, b }) => tf.matMul(a, b)),
    example({ a: int(4, 3), b: int(2, 4) }, ({ a, b }) => tf.matMul(a, b, true, true)),
    example({ a: float(4), b: float(4) }, ({ a, b }) => tf.dot(a, b)),
  ],
  _FusedMatMul: [
    // Outside a gradient TF.js fuses every activation; inside one the linear one only.
    ...activations.map((activation) =>
      example(
        { a: float(3, 4), b: float(4, 5), bias: float(5) },
        ({ a, b, bias }) => tf.fused.matMul({ a, b, bias, activation, leakyreluAlpha: 0.3 }),
        { gradients: [] },
      ),
    ),
    example(
      { a: float(3, 4), b: float(4, 5), slope: within(0, 1, 5) },
      ({ a, b, slope }) => tf.fused.matMul({ a, b, activation: 'prelu', preluActivationWeights: slope }),
      { gradients: [] },
    ),
    example({ a: float(4, 3), b: float(5, 4), bias: float(5) }, ({ a, b, bias }) =>
      tf.fused.matMul({ a, b, bias, transposeA: true, transposeB: true }),
    ),
    example({ a: float(2, 3, 4), b: float(2, 4, 5) }, ({ a, b }) => tf.fused.matMul({ a, b })),
  ],
});
