import * as tf from '@tensorflow/tfjs-core';
import { example, type LoweringCase, testLowerings } from '../testing/lowering-cases.ts';
import { float, int } from '../testing/random-values.ts';
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
/** Windows that may lie in the padding alone. */
const padded = (pool: Pool) =>
  [
    [1, 1, 1],
    [2, 1, 2],
    [2, 2, 3],
  ].map(([size, strides, pad]) =>
    example({ x: float(1, 4, 4, 2) }, ({ x }) => pool(x as tf.Tensor4D, size!, strides!, pad!), { gradients: [] }),
  );
const dilations = (
  [
    [1, 'valid', 1],
    [2, 'same', 1],
    [1, 'same', 2],
    [[2, 1], 'same', 1],
  ] as const
).map(([strides, pad, dilation]) =>
  example(
    { x: float(2, 6, 7, 3), filter: float(3, 2, 3) },
    ({ x, filter }) =>
      tf.dilation2d(x as tf.Tensor4D, filter as tf.Tensor3D, strides as number | [number, number], pad, dilation),
    { gradients: [] },
  ),
);
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
  AvgPool: [...averages, ...padded(tf.avgPool)],
  AvgPoolGrad: differentiated(averages),
  MaxPool: [
    ...maxima,
    ...padded(tf.maxPool),
    example({ x: int(1, 4, 4, 2) }, ({ x }) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid')),
  ],
  MaxPoolGrad: differentiated(maxima),
  MaxPoolWithArgmax: windows
    .filter(([, , , , rounding]) => !rounding)
    .flatMap(([shape, size, strides, pad]) =>
      [false, true].map((batch) =>
        example(
          { x: float(...shape) },
          ({ x }) => Object.values(tf.maxPoolWithArgmax(x as tf.Tensor4D, size, strides, pad, batch)),
          { gradients: [] },
        ),
      ),
    ),
  Dilation2D: dilations,
});
