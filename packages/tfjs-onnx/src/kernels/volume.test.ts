import * as tf from '@tensorflow/tfjs-core';
import { example, testLowerings } from '../testing/lowering-cases.ts';
import { float } from '../testing/random-values.ts';
import { volumeLowerings } from './volume.ts';

type Three = number | [number, number, number];
const shapes: readonly (readonly [number[], number[], Three, 'valid' | 'same'])[] = [
  [[2, 3, 4, 5, 2], [2, 2, 2, 2, 3], 1, 'same'],
  [[1, 4, 5, 4, 2], [3, 2, 1, 2, 2], 1, 'valid'],
  [[2, 5, 4, 6, 1], [2, 3, 2, 1, 2], 2, 'same'],
  [[1, 5, 6, 7, 2], [2, 2, 3, 2, 1], [2, 1, 3], 'valid'],
  [[1, 4, 5, 6, 1], [3, 3, 3, 1, 2], 2, 'same'],
];
const convolutions = shapes.map(([x, filter, strides, pad]) =>
  example({ x: float(...x), filter: float(...filter) }, ({ x: input, filter: weights }) =>
    tf.conv3d(input as tf.Tensor5D, weights as tf.Tensor5D, strides, pad),
  ),
);
/** The input with all its values different: of equal ones TF.js's gradient takes the last, ONNX's the first. */
const sloped = (x: tf.Tensor) => tf.add(x, tf.reshape(tf.mul(tf.range(0, x.size), 1e-3), x.shape)) as tf.Tensor5D;
type Window = [size: Three, strides: Three, pad: 'valid' | 'same'];
type Pool = (x: tf.Tensor5D, ...window: Window) => tf.Tensor5D;
const pools = (pool: Pool, options = {}) =>
  shapes.map(([x, filter, strides, pad]) =>
    example(
      { x: float(...x) },
      ({ x: input }) => pool(input as tf.Tensor5D, filter.slice(0, 3) as [number, number, number], strides, pad),
      options,
    ),
  );
// As for pictures, TF.js's gradient of the average divides by the whole window where the padding cuts it.
const averages = pools(tf.avgPool3d, { linear: true });

/** TF.js's gradient of the maximum is right for windows with equal sides only. */
const maxima = pools((x, ...window) => tf.maxPool3d(sloped(x), ...window)).map((lowering, i) => {
  const [first, ...others] = shapes[i]![1].slice(0, 3);
  return others.every((size) => size === first) ? lowering : { ...lowering, gradients: [] };
});

/** Windows that may lie in the padding alone. */
const padded = (pool: (x: tf.Tensor5D, size: number, strides: number, pad: number) => tf.Tensor) =>
  [
    [1, 2, 1],
    [2, 1, 2],
    [2, 2, 3],
  ].map(([size, strides, padding]) =>
    example({ x: float(1, 2, 4, 3, 2) }, ({ x }) => pool(x as tf.Tensor5D, size!, strides!, padding!), {
      gradients: [],
    }),
  );

testLowerings(volumeLowerings, {
  Conv3D: convolutions,
  Conv3DBackpropInputV2: convolutions,
  Conv3DBackpropFilterV2: convolutions,
  AvgPool3D: [...averages, ...padded(tf.avgPool3d)],
  AvgPool3DGrad: averages,
  MaxPool3D: [...maxima, ...padded(tf.maxPool3d)],
  MaxPool3DGrad: maxima.filter(({ gradients }) => !gradients),
});
