import * as tf from '@tensorflow/tfjs-core';
import { example, testLowerings } from '../testing/lowering-cases.ts';
import { bool, float, int } from '../testing/random-values.ts';
import { shapeLowerings } from './shape.ts';

testLowerings(shapeLowerings, {
  Reshape: [
    ...[[120], [6, 20], [2, 3, 20], [2, 60], [24, 5], [2, 1, 3, 4, 1, 5], [5, 4, 3, 2], [3, -1]].map((shape) =>
      example({ x: float(2, 3, 4, 5) }, ({ x }) => tf.reshape(x, shape)),
    ),
    ...[
      [2, 3],
      [3, 2],
      [1, 2, 1, 3, 1],
      [2, 1, 1, 3],
      [1, 1, 2, 3],
      [2, 3, 1, 1],
    ].map((shape) => example({ x: float(2, 1, 3, 1) }, ({ x }) => tf.reshape(x, shape))),
    example({ x: float(1, 1) }, ({ x }) => tf.reshape(x, [])),
    example({ x: float() }, ({ x }) => tf.reshape(x, [1, 1, 1])),
    example({ x: float(2, 1, 1, 3) }, ({ x }) => tf.tanh(tf.reshape(tf.tanh(tf.reshape(x, [3, 2])), [2, 3]))),
    example({ x: int(2, 3) }, ({ x }) => tf.reshape(x, [6])),
    example({ x: bool(2, 3) }, ({ x }) => tf.reshape(x, [3, 2])),
    // A size of 0 in ONNX's Reshape would mean "as before".
    example({ x: float(2, 0, 3) }, ({ x }) => tf.reshape(x, [3, 4, 0])),
  ],
  ExpandDims: [0, 1, 4, -1, -2].map((axis) => example({ x: float(2, 3, 4, 5) }, ({ x }) => tf.expandDims(x, axis))),
  Transpose: [
    ...[
      [0, 3, 1, 2],
      [3, 2, 0, 1],
      [3, 2, 1, 0],
      [0, 1, 2, 3],
    ].map((permutation) => example({ x: float(2, 3, 4, 5) }, ({ x }) => tf.transpose(x, permutation))),
    example({ x: float(2, 3, 4, 5) }, ({ x }) => tf.reshape(tf.transpose(x, [1, 0, 3, 2]), [12, 10])),
    example({ x: float(2, 3) }, ({ x }) => tf.transpose(x)),
    example({ x: int(2, 1, 3) }, ({ x }) => tf.transpose(x, [2, 0, 1])),
    example({ x: bool(2, 3, 2, 1, 2) }, ({ x }) => tf.transpose(x, [4, 2, 0, 1, 3])),
  ],
  Slice: [
    example({ x: float(2, 3, 4, 5) }, ({ x }) => tf.slice(x, [0, 1, 1, 2], [2, 2, 3, 1])),
    example({ x: float(2, 3, 4, 5) }, ({ x }) => tf.slice(x, [1], [1])),
    example({ x: float(2, 3, 4, 5) }, ({ x }) => tf.slice(x, [0, 0, 1, 0], [-1, -1, -1, -1])),
    example({ x: float(5) }, ({ x }) => tf.slice(x, 2, 0), { gradients: [] }),
    example({ x: int(4, 3) }, ({ x }) => tf.slice(x, [1, 1])),
    example({ x: bool(4, 3) }, ({ x }) => tf.slice(x, [3, 0], [1, 2])),
  ],
  StridedSlice: [
    example({ x: float(4, 6) }, ({ x }) => tf.stridedSlice(x, [0, 1], [4, 6], [2, 2])),
    example({ x: float(4, 6) }, ({ x }) => tf.stridedSlice(x, [3, 5], [0, -7], [-2, -1])),
    example({ x: float(4, 6) }, ({ x }) => tf.stridedSlice(x, [1, 0], [3, 6], [1, 1])),
    example({ x: float(4, 6) }, ({ x }) => tf.stridedSlice(x, [1, 0], [3, 6], [1, 1], 0, 0, 0, 0, 1)),
    example({ x: float(2, 3, 4, 5) }, ({ x }) => tf.stridedSlice(x, [0, 1], [2, 5], [1, 3], 1, 1, 0b01 << 2)),
    example({ x: float(4, 6) }, ({ x }) => tf.stridedSlice(x, [0, 0, 2], [0, 4, 6], [1, 3, 2], 0b10, 0b10, 0, 1)),
    example({ x: float(4, 6) }, ({ x }) => tf.stridedSlice(x, [2, 0], [2, 6], [1, 1])),
    example({ x: int(2, 3, 4, 5) }, ({ x }) => tf.stridedSlice(x, [0, 0, 0, 4], [2, 3, 4, 0], [1, 2, 3, -3])),
  ].map((lowering) => ({ ...lowering, gradients: [] })),
  Concat: [
    ...[
      [0, 0, 2],
      [0, 3],
    ].map((shape) =>
      example({ a: float(...shape), b: float(...shape) }, ({ a, b }) => tf.concat([a, b], 1), { gradients: [] }),
    ),
    ...[0, 1, 2, 3, -1].map((axis) =>
      example({ a: float(2, 3, 4, 5), b: float(2, 3, 4, 5) }, ({ a, b }) => tf.concat([a, b, a], axis)),
    ),
    example({ a: float(2, 1), b: float(2, 4), c: float(2, 0) }, ({ a, b, c }) => tf.concat([c, a, b], 1), {
      gradients: ['a', 'b'],
    }),
    example({ a: int(3), b: int(2) }, ({ a, b }) => tf.concat([a, b])),
    example({ a: bool(3, 1), b: bool(2, 1) }, ({ a, b }) => tf.concat([a, b], -2)),
    example({ filter: float(2, 3, 4, 5), x: float(2, 3, 4, 5) }, ({ filter, x }) => tf.concat([filter, x], 2)),
  ],
  Pack: [0, 1, 2, 3, 4, -1, -2].map((axis) =>
    example({ a: float(2, 3, 4, 5), b: float(2, 3, 4, 5) }, ({ a, b }) => tf.stack([a, b], axis)),
  ),
  Unpack: [0, 1, 3, -1].map((axis) => example({ x: float(2, 3, 4, 5) }, ({ x }) => tf.unstack(x, axis))),
  SplitV: [
    example({ x: float(2, 3, 4, 6) }, ({ x }) => tf.split(x, 3, 3)),
    example({ x: float(2, 3, 4, 6) }, ({ x }) => tf.split(x, [1, -1, 2], 2)),
    example({ x: int(5, 2) }, ({ x }) => tf.split(x, [2, 3])),
    example({ x: float(2, 6) }, ({ x }) => tf.split(x, 2, -1)),
  ],
  PadV2: [
    example({ x: float(2, 3, 4, 5) }, ({ x }) =>
      tf.pad(x, [
        [0, 0],
        [1, 2],
        [0, 3],
        [1, 0],
      ]),
    ),
    example({ x: float(3, 4) }, ({ x }) =>
      tf.pad(
        x,
        [
          [1, 1],
          [0, 2],
        ],
        -1.5,
      ),
    ),
    example({ x: int(3) }, ({ x }) => tf.pad(x, [[2, 1]], 7)),
    example({ x: bool(3, 2) }, ({ x }) =>
      tf.pad(x, [
        [2, 1],
        [0, 1],
      ]),
    ),
    example({ x: float(3) }, ({ x }) => tf.pad(x, [[0, 0]])),
  ],
  MirrorPad: [
    example({ x: float(2, 3, 4, 5) }, ({ x }) =>
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [1, 2],
          [0, 3],
          [1, 0],
        ],
        'reflect',
      ),
    ),
    example({ x: float(3, 4) }, ({ x }) =>
      tf.mirrorPad(
        x,
        [
          [2, 1],
          [0, 3],
        ],
        'reflect',
      ),
    ),
    example({ x: float(2, 3, 4, 5) }, ({ x }) =>
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [1, 3],
          [0, 4],
          [1, 0],
        ],
        'symmetric',
      ),
    ),
    example({ x: int(3) }, ({ x }) => tf.mirrorPad(x, [[3, 1]], 'symmetric')),
  ],
  Tile: [
    example({ x: float(2, 3, 4, 5) }, ({ x }) => tf.tile(x, [1, 2, 3, 2])),
    example({ x: float(2, 1, 4, 1) }, ({ x }) => tf.tile(x, [1, 3, 1, 2])),
    example({ x: float(2, 1) }, ({ x }) => tf.tile(x, [2, 3])),
    example({ x: int(3) }, ({ x }) => tf.tile(x, [2])),
    example({ x: bool(1, 3) }, ({ x }) => tf.tile(x, [2, 2])),
    example({ x: float(2, 1, 2, 1, 2) }, ({ x }) => tf.tile(x, [1, 2, 1, 2, 3]), { gradients: [] }),
  ],
  Reverse: [
    example({ x: float(2, 3, 4, 5) }, ({ x }) => tf.reverse(x)),
    example({ x: float(2, 3, 4, 5) }, ({ x }) => tf.reverse(x, [1, -1])),
    example({ x: float(2, 1, 3) }, ({ x }) => tf.reverse(x, 1)),
    example({ x: int(4) }, ({ x }) => tf.reverse(x, 0)),
    example({ x: float() }, ({ x }) => tf.reverse(x), { gradients: [] }),
  ],
  GatherV2: [
    example({ x: float(4, 3) }, ({ x }) => tf.gather(x, tf.tensor1d([3, 0, 0], 'int32'))),
    example({ x: float(2, 3, 4, 5), i: { shape: [2, 3], dtype: 'int32', range: [0, 3] } }, ({ x, i }) =>
      tf.gather(x, i, 2),
    ),
    example({ x: float(2, 3, 4, 5), i: { shape: [6], dtype: 'int32', range: [0, 4] } }, ({ x, i }) =>
      tf.gather(x, i, -1),
    ),
    example({ x: int(5), i: { shape: [], dtype: 'int32', range: [0, 4] } }, ({ x, i }) => tf.gather(x, i)),
    ...(
      [
        [1, 1],
        [2, 1],
        [3, 2],
      ] as const
    ).map(([axis, batchDims]) =>
      example(
        { x: float(2, 3, 4, 5), i: { shape: batchDims === 1 ? [2, 3, 2] : [2, 3], dtype: 'int32', range: [0, 2] } },
        ({ x, i }) => tf.gather(x, i, axis, batchDims),
        { gradients: [] },
      ),
    ),
  ],
  UnsortedSegmentSum: [
    example({ x: float(5, 3), i: { shape: [5], dtype: 'int32', range: [0, 3] } }, ({ x, i }) =>
      tf.unsortedSegmentSum(x, i as tf.Tensor1D, 4),
    ),
    example({ x: float(5), i: { shape: [5], dtype: 'int32', range: [0, 2] } }, ({ x, i }) =>
      tf.unsortedSegmentSum(x, i as tf.Tensor1D, 6),
    ),
    // Rows with ids outside are dropped.
    example({ x: float(8, 2), i: { shape: [8], dtype: 'int32', values: [0, -1, 2, 3, 4, -5, 2, 1] } }, ({ x, i }) =>
      tf.unsortedSegmentSum(x, i as tf.Tensor1D, 3),
    ),
  ].map((lowering) => ({ ...lowering, gradients: [] })),
  OneHot: [
    example({ i: { shape: [2, 3], dtype: 'int32', range: [-2, 5] } }, ({ i }) => tf.oneHot(i, 4)),
    example({ i: { shape: [], dtype: 'int32', range: [0, 3] } }, ({ i }) => tf.oneHot(i, 4, 0.9, 0.1, 'float32')),
    example({ i: { shape: [5], dtype: 'int32', range: [0, 3] } }, ({ i }) => tf.oneHot(i, 4, 1, 0, 'bool')),
  ],
  Fill: [
    ...(['float32', 'int32', 'bool'] as const).flatMap((dtype) => [
      example({}, () => tf.fill([2, 3], 1, dtype)),
      example({}, () => tf.fill([], 0, dtype)),
    ]),
    example({ x: float(2, 3) }, ({ x }) => tf.add(x, tf.fill([4, 1, 3], 0.5))),
  ],
  Range: [
    example({ x: float(4) }, ({ x }) => tf.add(x, tf.range(1, 9, 2))),
    example({}, () => [tf.range(5, 0), tf.range(0, 4, 1, 'int32'), tf.range(3, 3), tf.range(0, 1, 0.25)]),
  ],
  LinSpace: [example({}, () => [tf.linspace(0, 9, 10), tf.linspace(2, -1, 4), tf.linspace(3, 9, 1)])],
  // tf.broadcastTo calls Tile; models from elsewhere call this kernel.
  BroadcastTo: [
    example(
      { x: float(3, 1) },
      ({ x }) => tf.reshape(tf.engine().runKernel('BroadcastTo', { x }, { shape: [2, 3, 4] }) as tf.Tensor, [24]),
      { gradients: [] },
    ),
  ].map((lowering) => ({
    ...lowering,
    reference: ({ x }: Record<string, tf.Tensor>) => tf.reshape(tf.broadcastTo(x!, [2, 3, 4]), [24]),
  })),
  Diag: [
    example({ x: float(4) }, ({ x }) => tf.diag(x), { gradients: [] }),
    example({ x: int(2, 3) }, ({ x }) => tf.diag(x)),
  ],
  ZerosLike: [float(2, 3, 4, 5), int(3), bool(2), float()].map((x) => example({ x }, ({ x }) => tf.zerosLike(x))),
  OnesLike: [float(2, 3, 4, 5), int(3), bool(2), float()].map((x) => example({ x }, ({ x }) => tf.onesLike(x))),
});
