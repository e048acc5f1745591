import * as tf from '@tensorflow/tfjs-core';
import { example, type LoweringCase, testLowerings } from '../testing/lowering-cases.ts';
import { float } from '../testing/random-values.ts';
import { poolLowerings } from './pool.ts';

type Size = number | [number, number];
type Pool = (
  x: tf.Tensor4D,
  size: Size,
  strides: Size,
  pad: 'valid' | 'same' | number,
  rounding?: 'floor' | 'ceil',
) => tf.Tensor;

const windows: readonly (readonly [number[], Size, Size, 'valid' | 'same' | number, ('floor' | 'ceil')?])[] = [
  [[2, 4, 4, 3], 2, 2, 'valid'],
  [[2, 4, 4, 3], 2, 2, 'same'],
  [[1, 5, 7, 2], 2, 2, 'same'],
  [[1, 5, 7, 2], 2, 2, 'valid'],
  [[2, 5, 6, 3], 3, 1, 'same'],
  [[2, 5, 6, 3], 3, 2, 'same'],
  [[2, 5, 6, 3], [2, 3], [1, 2], 'valid'],
  [[2, 5, 5, 3], 3, 2, 1, 'floor'],
  [[2, 6, 6, 3], 3, 2, 1, 'floor'],
  [[2, 6, 7, 3], 2, 2, 0, 'ceil'],
  [[3, 4, 5, 2], [4, 5], 1, 'valid'],
  [[2, 3, 3, 2], 1, 1, 'valid'],
  [[2, 1, 1, 3], 1, 1, 'same'],
];
const pools = (pool: Pool, options: { linear?: boolean } = {}) =>
  windows.map(([shape, size, strides, pad, rounding]) =>
    example({ x: float(...shape) }, ({ x }) => pool(x as tf.Tensor4D, size, strides, pad, rounding), {
      // TF.js forgets the rounding mode in the gradient.
      ...(rounding === 'ceil' ? { gradients: [] } : options),
    }),
  );

/** TF.js's cpu backend divides by the whole window in the gradient, also where the padding cuts it. */
const averages = pools(tf.avgPool, { linear: true });
const maxima = pools(tf.maxPool);
const differentiated = (list: readonly LoweringCase[]) => list.filter(({ gradients }) => !gradients);

testLowerings(poolLowerings, {
  AvgPool: averages,
  AvgPoolGrad: differentiated(averages),
  MaxPool: maxima,
  MaxPoolGrad: differentiated(maxima),
});
