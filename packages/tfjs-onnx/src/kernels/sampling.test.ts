import * as tf from '@tensorflow/tfjs-core';
import { example, testLowerings } from '../testing/lowering-cases.ts';
import { float, int, type TestInput } from '../testing/random-values.ts';
import { samplingLowerings } from './sampling.ts';

/** A box inside, one that is mirrored, and one that leaves the picture. */
const boxes: TestInput = {
  shape: [3, 4],
  values: [0.12, 0.23, 0.83, 0.94, 0.91, 0.72, 0.21, 0.13, -0.3, 0.41, 0.62, 1.4],
};
const pictures: TestInput = { shape: [3], dtype: 'int32', values: [1, 0, 1] };
const responses = [
  [1, 1, 1, 0.5],
  [2, 0.5, 0.3, 0.75],
  [5, 2, 0.1, 1],
].map(([radius, bias, alpha, beta]) =>
  example({ x: float(2, 3, 4, 5) }, ({ x }) =>
    tf.localResponseNormalization(x as tf.Tensor4D, radius, bias, alpha, beta),
  ),
);

testLowerings(samplingLowerings, {
  CropAndResize: (['bilinear', 'nearest'] as const).flatMap((method) =>
    [
      [4, 3],
      [1, 5],
    ].map((size) =>
      example(
        { image: float(2, 6, 7, 3), boxes, pictures },
        ({ image, boxes: b, pictures: p }) =>
          tf.image.cropAndResize(
            image as tf.Tensor4D,
            b as tf.Tensor2D,
            p as tf.Tensor1D,
            size as [number, number],
            method,
            0.5,
          ),
        { gradients: [] },
      ),
    ),
  ),
  RotateWithOffset: [
    example({ x: float(2, 5, 6, 3) }, ({ x }) => tf.image.rotateWithOffset(x as tf.Tensor4D, 0.7, 0.25, [0.5, 0.4]), {
      gradients: [],
    }),
    example({ x: float(1, 6, 5, 4) }, ({ x }) => tf.image.rotateWithOffset(x as tf.Tensor4D, -2, [1, 2, 3], 0.5), {
      gradients: [],
    }),
  ],
  FlipLeftRight: [
    example({ x: float(2, 3, 4, 3) }, ({ x }) => tf.image.flipLeftRight(x as tf.Tensor4D), { gradients: [] }),
  ],
  SpaceToBatchND: [
    example({ x: float(2, 4, 6, 3) }, ({ x }) =>
      tf.spaceToBatchND(
        x,
        [2, 3],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    ),
    example({ x: float(1, 3, 4, 2) }, ({ x }) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [1, 0],
          [0, 2],
        ],
      ),
    ),
    example({ x: float(2, 5) }, ({ x }) => tf.spaceToBatchND(x, [3], [[0, 1]])),
  ],
  BatchToSpaceND: [
    example({ x: float(12, 2, 2, 3) }, ({ x }) =>
      tf.batchToSpaceND(
        x,
        [2, 3],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    ),
    example({ x: float(8, 3, 2, 2) }, ({ x }) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [1, 0],
          [0, 2],
        ],
      ),
    ),
    example({ x: int(6, 3) }, ({ x }) => tf.batchToSpaceND(x, [3], [[0, 1]])),
  ],
  LRN: responses,
  LRNGrad: responses,
});
