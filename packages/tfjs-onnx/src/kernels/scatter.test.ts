import * as tf from '@tensorflow/tfjs-core';
import { example, testLowerings } from '../testing/lowering-cases.ts';
import { bool, float, int, type TestInput, within } from '../testing/random-values.ts';
import { scatterLowerings } from './scatter.ts';

const indices = (most: number, ...shape: number[]): TestInput => ({ shape, dtype: 'int32', range: [0, most] });
/** Different rows, because the order of writes to one row is free. */
const different: TestInput = { shape: [3, 1], dtype: 'int32', values: [4, 0, 2] };
const sorted: TestInput = { shape: [2, 4], values: [-2, 0, 0, 3, -1, -1, 0.5, 2] };
const searches = (search: (sequence: tf.Tensor, values: tf.Tensor) => tf.Tensor) =>
  [
    example({ sequence: sorted, values: { shape: [2, 3], values: [0, -3, 9, -1, 0.5, 1] } }, ({ sequence, values }) =>
      search(sequence, values),
    ),
    example(
      { sequence: { shape: [4], dtype: 'int32', values: [1, 2, 2, 7] }, values: int(5) },
      ({ sequence, values }) => search(sequence, values),
    ),
  ].map((lowering) => ({ ...lowering, gradients: [] }));
/** The kernel itself, which tf.searchSorted does not call. */
const direct = (kernel: string, side: 'left' | 'right') =>
  example(
    { sortedSequence: sorted, values: float(2, 5) },
    (inputs) => tf.engine().runKernel(kernel, inputs as never) as tf.Tensor,
    {
      gradients: [],
      reference: ({ sortedSequence, values }) => tf.searchSorted(sortedSequence!, values!, side),
    },
  );
const counts = (x: TestInput, weights: TestInput, binary?: boolean) =>
  example(
    { x, weights },
    ({ x: numbers, weights: w }) =>
      binary === undefined
        ? tf.bincount(numbers as tf.Tensor1D, w as tf.Tensor1D, 4)
        : tf.denseBincount(numbers as tf.Tensor2D, w as tf.Tensor2D, 4, binary),
    { gradients: [] },
  );

testLowerings(scatterLowerings, {
  GatherNd: [
    example({ x: float(4, 3, 2), i: indices(2, 5, 2) }, ({ x, i }) => tf.gatherND(x, i), { gradients: [] }),
    example({ x: int(4, 3), i: indices(3, 2, 3, 1) }, ({ x, i }) => tf.gatherND(x, i)),
    example({ x: float(2, 2, 2, 2), i: indices(1, 3, 4) }, ({ x, i }) => tf.gatherND(x, i), { gradients: [] }),
  ],
  ScatterNd: [
    example({ i: indices(4, 6, 1), u: float(6, 3) }, ({ i, u }) => tf.scatterND(i, u, [5, 3]), { gradients: [] }),
    example({ i: indices(2, 4, 2), u: int(4) }, ({ i, u }) => tf.scatterND(i, u, [3, 3])),
  ],
  TensorScatterUpdate: [
    example({ x: float(5, 2), i: different, u: float(3, 2) }, ({ x, i, u }) => tf.tensorScatterUpdate(x, i, u), {
      gradients: [],
    }),
    example({ x: bool(5), i: different, u: bool(3) }, ({ x, i, u }) => tf.tensorScatterUpdate(x, i, u)),
  ],
  SparseToDense: [
    example(
      { v: float(3), d: float() },
      ({ v, d }) => tf.sparseToDense(tf.tensor1d([4, 0, 2], 'int32'), v, [5], d as tf.Scalar),
      {
        gradients: [],
      },
    ),
    example({ v: int() }, ({ v }) =>
      tf.sparseToDense(
        [
          [0, 1],
          [2, 2],
        ],
        v,
        [3, 3],
      ),
    ),
  ],
  Bincount: [
    counts(indices(6, 9), float(9)),
    counts(indices(3, 9), { shape: [9], dtype: 'int32' }),
    counts(indices(3, 9), { shape: [0], dtype: 'int32' }),
  ],
  DenseBincount: [
    counts(indices(6, 2, 9), float(2, 9), false),
    counts(indices(3, 2, 9), { shape: [0], dtype: 'int32' }, false),
    counts(indices(3, 2, 9), float(2, 9), true),
  ],
  TopK: [
    ...[1, 3].map((k) => example({ x: float(2, 3, 5) }, ({ x }) => Object.values(tf.topk(x, k)), { gradients: [] })),
    example({ x: { shape: [5], dtype: 'int32', values: [3, 9, 3, 9, 1] } }, ({ x }) => Object.values(tf.topk(x, 4))),
    example({ x: float(3) }, ({ x }) => Object.values(tf.topk(x, 0)), { gradients: [] }),
  ],
  SearchSorted: [...searches(tf.lowerBound), ...searches(tf.upperBound)],
  LowerBound: [direct('LowerBound', 'left')],
  UpperBound: [direct('UpperBound', 'right')],
  Einsum: [
    example({ a: float(2, 3), b: float(3, 4) }, ({ a, b }) => tf.einsum('ij,jk->ik', a, b)),
    example({ a: float(2, 3, 4), b: float(2, 5, 4) }, ({ a, b }) => tf.einsum('bij, bkj -> bik', a, b)),
    example({ a: float(2, 3), b: float(3) }, ({ a, b }) => tf.einsum('ij,j->i', a, b)),
    example({ a: float(2, 3) }, ({ a }) => tf.einsum('ij->ji', a)),
  ].map((lowering) => ({ ...lowering, gradients: [] })),
  NonMaxSuppressionV4: [0.3, 0.9].map((threshold) =>
    example(
      { corners: within(0, 1, 9, 2), sizes: within(0.2, 0.9, 9, 2), scores: within(0.1, 1, 9) },
      ({ corners, sizes, scores }) => {
        const boxes = tf.concat([corners, tf.add(corners, sizes)], 1) as tf.Tensor2D;
        const { selectedIndices, validOutputs } = tf.image.nonMaxSuppressionPadded(
          boxes,
          scores as tf.Tensor1D,
          7,
          threshold,
          0.2,
          true,
        );
        return [selectedIndices!, validOutputs!];
      },
      { gradients: [] },
    ),
  ),
});
