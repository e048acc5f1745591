// @module-tag slow

import * as tf from '@tensorflow/tfjs-core';
import { example, testLowerings } from '../testing/lowering-cases.ts';
import { float, int } from '../testing/random-values.ts';
import { imageLowerings } from './image.ts';

type Resize = (
  images: tf.Tensor4D,
  size: [number, number],
  alignCorners?: boolean,
  halfPixelCenters?: boolean,
) => tf.Tensor;

const sizes: readonly (readonly [number[], [number, number]])[] = [
  [
    [2, 3, 4, 2],
    [6, 8],
  ],
  [
    [1, 3, 4, 2],
    [3, 4],
  ],
  [
    [2, 3, 4, 3],
    [9, 4],
  ],
  [
    [2, 4, 6, 2],
    [2, 3],
  ],
  [
    [2, 5, 4, 2],
    [7, 6],
  ],
  [
    [2, 5, 7, 2],
    [3, 2],
  ],
  [
    [2, 1, 1, 3],
    [4, 4],
  ],
  [
    [2, 4, 4, 3],
    [1, 1],
  ],
];
const modes = [
  [false, false],
  [true, false],
  [false, true],
] as const;
const resizes = (resize: Resize) =>
  sizes.flatMap(([shape, size]) =>
    modes.map(([alignCorners, halfPixelCenters]) =>
      example({ x: float(...shape) }, ({ x }) => resize(x as tf.Tensor4D, size, alignCorners, halfPixelCenters), {
        // TF.js's cpu backend is wrong in the gradients of pictures that are not square, or with half-pixel centres.
        linear: true,
      }),
    ),
  );

testLowerings(imageLowerings, {
  ResizeNearestNeighbor: [
    ...resizes(tf.image.resizeNearestNeighbor),
    example({ x: int(2, 3, 4, 2) }, ({ x }) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [6, 8])),
    example({ x: int(2, 3, 4, 2) }, ({ x }) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [5, 3])),
  ],
  ResizeNearestNeighborGrad: resizes(tf.image.resizeNearestNeighbor),
  ResizeBilinear: [
    ...resizes(tf.image.resizeBilinear),
    example({ x: int(2, 3, 4, 2) }, ({ x }) => tf.image.resizeBilinear(x as tf.Tensor4D, [5, 3])),
  ],
  ResizeBilinearGrad: resizes(tf.image.resizeBilinear),
  DepthToSpace: [
    example({ x: float(2, 3, 2, 8) }, ({ x }) => tf.depthToSpace(x as tf.Tensor4D, 2), { gradients: [] }),
    example({ x: float(1, 2, 2, 18) }, ({ x }) => tf.depthToSpace(x as tf.Tensor4D, 3), { gradients: [] }),
  ],
});
