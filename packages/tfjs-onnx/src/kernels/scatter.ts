/** @module Kernels that read or write elements by indices, and searches that give indices. */
import { backend_util, util } from '@tensorflow/tfjs-core';
import { materialise, rowMajor, type Traced } from '../graph/traced.ts';
import { cast, elementwise } from './elementwise.ts';
import type { Lowering, LoweringContext, LoweringTable } from './lowering.ts';
import { empty, fill, reshape, slice } from './shape.ts';

/** Indices as ONNX takes them. */
const int64 = (context: LoweringContext, indices: Traced) =>
  materialise(context.graph, cast(context, indices, 'int64'));

const integer = ({ graph }: LoweringContext, value: number): Traced => ({
  shape: [],
  order: [],
  value: graph.scalar(value, 'int32'),
});

/** Elements or slices of params at the rows of indices, [..., depth]. */
const gatherNd: Lowering = ({ params, indices }: { params: Traced; indices: Traced }, _attrs, context) => {
  const depth = indices.shape.at(-1)!;
  const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
  if (shape.includes(0)) return empty(context.graph, shape, params.value.type);
  const inputs = [materialise(context.graph, params), int64(context, indices)];
  return rowMajor(context.graph.emit('GatherND', inputs, shape, params.value.type));
};

/** `target` with the slices that the rows of `indices` name replaced by those of `updates`, or with these added. */
function scatter(
  context: LoweringContext,
  target: Traced,
  indices: Traced,
  updates: Traced,
  reduction?: 'add',
): Traced {
  const inputs = [materialise(context.graph, target), int64(context, indices), materialise(context.graph, updates)];
  const { shape, value } = target;
  return rowMajor(context.graph.emit('ScatterND', inputs, shape, value.type, reduction && { reduction }));
}

const sparseToDense: Lowering = (
  { sparseIndices, sparseValues, defaultValue }: Record<'sparseIndices' | 'sparseValues' | 'defaultValue', Traced>,
  { outputShape }: { outputShape: number[] },
  context,
) => {
  const count = sparseIndices.shape[0] ?? 1;
  const depth = sparseIndices.shape[1] ?? 1;
  const target: Traced = {
    ...reshape(
      context,
      defaultValue,
      outputShape.map(() => 1),
    ),
    shape: outputShape,
  };
  const rows = reshape(context, sparseIndices, [count, depth]);
  const values: Traced = { ...reshape(context, sparseValues, [sparseValues.shape[0] ?? 1]), shape: [count] };
  return scatter(context, target, rows, values);
};

/** How often each of 0 … size - 1 occurs in the last axis of x, or the sum of the weights there. Larger numbers are not counted. */
const bincount: Lowering = (
  { x, weights }: { x: Traced; weights: Traced },
  { size, binaryOutput }: { size: number; binaryOutput?: boolean },
  context,
) => {
  const { type } = weights.value;
  const kind = type === 'bool' ? 'int32' : (type as 'float32' | 'int32');
  const [count, rows] = [x.shape.at(-1)!, x.shape.length === 2 ? x.shape[0]! : 1];
  const bins = elementwise(context, 'Min', [reshape(context, x, [rows, count, 1]), integer(context, size)]);
  const lines = Int32Array.from({ length: rows }, (_, i) => i);
  const line: Traced = { ...rowMajor(context.graph.constant(lines, [rows, 1, 1], 'int32')), shape: [rows, count, 1] };
  const indices = context.graph.emit(
    'Concat',
    [materialise(context.graph, line), materialise(context.graph, bins)],
    [rows, count, 2],
    'int32',
    { axis: 2 },
  );
  const weighted = util.sizeFromShape(weights.shape as number[]) > 0 && !binaryOutput;
  const updates = weighted
    ? reshape(context, cast(context, weights, kind), [rows, count])
    : fill(context, [rows, count], 1, kind);
  const zeros = fill(context, [rows, size + 1], 0, kind);
  const counts = scatter(context, zeros, rowMajor(indices), updates, binaryOutput ? undefined : 'add');
  const inside = slice(context, counts, [0, 0], [rows, size]);
  return cast(context, x.shape.length === 2 ? inside : reshape(context, inside, [size]), type);
};

const topK: Lowering = ({ x }: { x: Traced }, { k }: { k: number }, context) => {
  const { graph } = context;
  const shape = [...x.shape.slice(0, -1), k];
  if (shape.includes(0)) return [empty(graph, shape, x.value.type), empty(graph, shape, 'int32')];
  const [values, indices] = graph.emitMany(
    'TopK',
    [materialise(graph, x), graph.integers([k])],
    [
      { shape, type: x.value.type },
      { shape, type: 'int64' },
    ],
    { axis: shape.length - 1 },
  );
  return [rowMajor(values!), cast(context, rowMajor(indices!), 'int32')];
};

/** Where each value would go in its sorted row: the number of elements before it, at the 'right' side including equal ones. */
const search =
  (side?: 'left' | 'right'): Lowering =>
  ({ sortedSequence, values }: { sortedSequence: Traced; values: Traced }, attrs, context) => {
    const [rows, length] = sortedSequence.shape as [number, number];
    const count = values.shape[1]!;
    const operator = (side ?? attrs.side) === 'left' ? 'Less' : 'LessOrEqual';
    const sequence = reshape(context, sortedSequence, [rows, 1, length]);
    const before = elementwise(context, operator, [sequence, reshape(context, values, [rows, count, 1])], {
      type: 'bool',
    });
    const inputs = [materialise(context.graph, cast(context, before, 'int32')), context.graph.integers([2])];
    return rowMajor(context.graph.emit('ReduceSum', inputs, [rows, count], 'int32', { keepdims: 0 }));
  };

interface SuppressionAttributes {
  readonly maxOutputSize: number;
  readonly iouThreshold: number;
  readonly scoreThreshold: number;
  readonly padToMaxOutputSize: boolean;
}

/** Indices of the best boxes that do not overlap, with zeros after the last one, and how many there are. */
const nonMaxSuppression: Lowering = (
  { boxes, scores }: { boxes: Traced; scores: Traced },
  { maxOutputSize, iouThreshold, scoreThreshold, padToMaxOutputSize }: SuppressionAttributes,
  context,
) => {
  if (!padToMaxOutputSize)
    throw new Error(
      'the number of boxes that it finds is only known when the graph runs; legal: padToMaxOutputSize = true',
    );
  const { graph } = context;
  const count = boxes.shape[0]!;
  const size = Math.min(maxOutputSize, count);
  const inputs = [
    materialise(graph, reshape(context, boxes, [1, count, 4])),
    materialise(graph, reshape(context, scores, [1, 1, count])),
    graph.integers([size]),
    graph.constant(Float32Array.of(iouThreshold), [1], 'float32'),
    graph.constant(Float32Array.of(scoreThreshold), [1], 'float32'),
  ];
  // The real shape of what is found is [found, 3].
  const found = graph.emit('NonMaxSuppression', inputs, [size, 3], 'int64');
  const column = graph.emit('Gather', [found, graph.integers([2])], [size, 1], 'int64', { axis: 1 });
  const zeros = graph.constant(new BigInt64Array(maxOutputSize), [maxOutputSize, 1], 'int64');
  const padded = graph.emit('Concat', [column, zeros], [size + maxOutputSize, 1], 'int64', { axis: 0 });
  const bounds = [graph.integers([0]), graph.integers([maxOutputSize]), graph.integers([0])];
  const first = graph.emit('Slice', [padded, ...bounds], [maxOutputSize, 1], 'int64');
  const valid = graph.emit(
    'Gather',
    [graph.emit('Shape', [found], [2], 'int64'), graph.constant(BigInt64Array.of(0n), [], 'int64')],
    [],
    'int64',
    { axis: 0 },
  );
  return [
    cast(context, reshape(context, rowMajor(first), [maxOutputSize]), 'int32'),
    cast(context, rowMajor(valid), 'int32'),
  ];
};

/** Einstein summation; ONNX has TF.js's notation. */
const einsum: Lowering = (tensors: Traced[], { equation }: { equation: string }, { graph }) => {
  const operands = Object.values(tensors);
  const { allDims, summedDims, idDims } = backend_util.decodeEinsumEquation(equation, operands.length);
  backend_util.checkEinsumDimSizes(allDims.length, idDims, operands as never);
  const sizes = allDims.map((_, dimension) => {
    const at = idDims.findIndex((ids) => ids.includes(dimension));
    return operands[at]!.shape[idDims[at]!.indexOf(dimension)]!;
  });
  const shape = sizes.slice(0, sizes.length - summedDims.length);
  const values = operands.map((operand) => materialise(graph, operand));
  return rowMajor(graph.emit('Einsum', values, shape, values[0]!.type, { equation: equation.replaceAll(/\s/g, '') }));
};

export const scatterLowerings: LoweringTable = {
  GatherNd: gatherNd,
  ScatterNd: ({ indices, updates }: { indices: Traced; updates: Traced }, { shape }, context) =>
    shape.includes(0)
      ? empty(context.graph, shape, updates.value.type)
      : scatter(context, fill(context, shape, 0, updates.value.type as 'float32'), indices, updates, 'add'),
  TensorScatterUpdate: ({ tensor, indices, updates }, _attrs, context) => scatter(context, tensor, indices, updates),
  SparseToDense: sparseToDense,
  Bincount: bincount,
  DenseBincount: bincount,
  TopK: topK,
  SearchSorted: search(),
  LowerBound: search('left'),
  UpperBound: search('right'),
  Einsum: einsum,
  NonMaxSuppressionV4: nonMaxSuppression,
};
