import { backend_util, slice_util, util } from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { identityOrder, materialise, physicalShape, rowMajor, type Traced } from '../graph/traced.ts';
import type { ElementType } from '../graph/types.ts';
import { cast, elementwise } from './elementwise.ts';
import { elementTypeOf, type Lowering, type LoweringContext, type LoweringTable } from './lowering.ts';

/** Reshape keeps the physical order where only axes of size 1 come or go; otherwise it needs row-major order. */
export function reshape({ graph }: LoweringContext, x: Traced, shape: readonly number[]): Traced {
  const wide = x.shape.flatMap((dimension, axis) => (dimension === 1 ? [] : [axis]));
  const wideTarget = shape.flatMap((dimension, axis) => (dimension === 1 ? [] : [axis]));
  if (wide.length === wideTarget.length && wide.every((axis, i) => x.shape[axis] === shape[wideTarget[i]!])) {
    const moved = x.order.filter((axis) => x.shape[axis] !== 1).map((axis) => wideTarget[wide.indexOf(axis)]!);
    const order = insertUnitAxes(moved, shape);
    const size = (axis: number) =>
      shape[axis] === 1 ? 1 : x.value.shape[x.order.indexOf(wide[wideTarget.indexOf(axis)]!)]!;
    return { shape, order, value: graph.reshape(x.value, order.map(size)) };
  }
  return rowMajor(graph.reshape(materialise(graph, x), shape), shape);
}

/** Physical order of `shape` whose wide axes are ordered as in `wide`: unit axes go where convolutions want them. */
function insertUnitAxes(wide: readonly number[], shape: readonly number[]): number[] {
  const ascending = wide.every((axis, i) => i === 0 || axis > wide[i - 1]!);
  if (ascending) return identityOrder(shape.length);
  const unit = identityOrder(shape.length).filter((axis) => shape[axis] === 1);
  return [...wide, ...unit];
}

/** Only the logical order changes: result axis i is input axis `permutation[i]`. */
export const transpose = (x: Traced, permutation: readonly number[]): Traced => ({
  shape: permutation.map((axis) => x.shape[axis]!),
  order: x.order.map((axis) => permutation.indexOf(axis)),
  value: x.value,
});

/** A slice by logical axes, in the physical order of the value; `ends` are exclusive. */
export function slice(
  { graph }: LoweringContext,
  x: Traced,
  starts: readonly number[],
  ends: readonly number[],
  steps?: readonly number[],
): Traced {
  const shape = x.shape.map((_, axis) => Math.max(0, Math.ceil((ends[axis]! - starts[axis]!) / (steps?.[axis] ?? 1))));
  const cut = x.order.flatMap((axis, physical) =>
    shape[axis] === x.shape[axis] && (steps?.[axis] ?? 1) === 1 ? [] : [{ axis, physical }],
  );
  if (cut.length === 0) return x;
  const value = materialise(graph, x, x.order);
  const inputs = [
    value,
    graph.integers(cut.map(({ axis }) => starts[axis]!)),
    graph.integers(cut.map(({ axis }) => (ends[axis]! < 0 ? -(2 ** 31) : ends[axis]!))),
    graph.integers(cut.map(({ physical }) => physical)),
    ...(steps ? [graph.integers(cut.map(({ axis }) => steps[axis]!))] : []),
  ];
  return { shape, order: x.order, value: graph.emit('Slice', inputs, physicalShape(shape, x.order), value.type) };
}

/** A tensor without elements, which many of ONNX Runtime's operators do not take. */
export const empty = (graph: GraphBuilder, shape: readonly number[], type: ElementType): Traced => {
  const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };
  return rowMajor(graph.constant(new arrays[type as 'float32'](0), shape, type));
};

export const concat: Lowering = (inputs: Traced[], { axis }: { axis: number }, { graph }) => {
  const parts = Object.values(inputs).filter((part) => util.sizeFromShape(part.shape as number[]) > 0);
  const first = Object.values(inputs)[0]!;
  const [logical] = util.parseAxisParam(axis, first.shape as number[]);
  backend_util.assertParamsConsistent(
    Object.values(inputs).map((part) => part.shape as number[]),
    logical!,
  );
  const shape = first.shape.map((dimension, i) =>
    i === logical ? Object.values(inputs).reduce((sum, part) => sum + part.shape[i]!, 0) : dimension,
  );
  if (shape.includes(0)) return empty(graph, shape, first.value.type);
  const { order } = parts[0]!;
  const values = parts.map((part) => materialise(graph, part, order));
  const value =
    values.length === 1
      ? values[0]!
      : graph.emit('Concat', values, physicalShape(shape, order), values[0]!.type, { axis: order.indexOf(logical!) });
  return { shape, order, value };
};

/** `mode` constant or reflect. */
export const pad = (
  context: LoweringContext,
  x: Traced,
  paddings: readonly (readonly [number, number])[],
  mode: string,
  constantValue = 0,
): Traced => {
  const { graph } = context;
  const value = materialise(graph, x, x.order);
  const shape = x.shape.map((dimension, axis) => paddings[axis]![0] + dimension + paddings[axis]![1]);
  const pads = graph.integers([
    ...x.order.map((axis) => paddings[axis]![0]),
    ...x.order.map((axis) => paddings[axis]![1]),
  ]);
  const fill = graph.scalar(constantValue, value.type as 'float32');
  const inputs = mode === 'constant' ? [value, pads, fill] : [value, pads];
  return {
    shape,
    order: x.order,
    value: graph.emit('Pad', inputs, physicalShape(shape, x.order), value.type, { mode }),
  };
};

/** Mirrors and repeats the border. ONNX's Pad cannot do that, so it is a Gather along each padded axis. */
function padSymmetric({ graph }: LoweringContext, x: Traced, paddings: readonly (readonly [number, number])[]): Traced {
  const shape = x.shape.map((dimension, axis) => paddings[axis]![0] + dimension + paddings[axis]![1]);
  let value = materialise(graph, x, x.order);
  for (const [physical, axis] of x.order.entries()) {
    const [before, after] = paddings[axis]!;
    if (before === 0 && after === 0) continue;
    const size = x.shape[axis]!;
    const indices = Int32Array.from({ length: before + size + after }, (_, i) => {
      const position = i - before;
      return position < 0 ? -1 - position : position >= size ? 2 * size - 1 - position : position;
    });
    const wide = value.shape.map((dimension, i) => (i === physical ? indices.length : dimension));
    const chosen = graph.constant(indices, [indices.length], 'int32');
    value = graph.emit('Gather', [value, chosen], wide, value.type, { axis: physical });
  }
  return { shape, order: x.order, value };
}

/** @throws Error for indices that are known while tracing and lie outside, as in TF.js. */
function checkIndices({ value: { constant } }: Traced, size: number): void {
  const outside = constant && Array.from(constant, Number).find((index) => index < 0 || index >= size);
  if (outside !== undefined) throw new Error(`the index ${outside} is not in [0, ${size - 1}]`);
}

/** Gather along one axis, which the axes of the indices replace. */
const gather: Lowering = (
  { x, indices }: { x: Traced; indices: Traced },
  { axis, batchDims }: { axis: number; batchDims: number },
  context,
) => {
  const { graph } = context;
  checkIndices(indices, x.shape.at(axis)!);
  if (batchDims) return gatherInBatch(context, x, indices, axis, batchDims);
  const [logical] = util.parseAxisParam(axis, x.shape as number[]);
  const shape = [...x.shape.slice(0, logical), ...indices.shape, ...x.shape.slice(logical! + 1)];
  const value = graph.emit('Gather', [materialise(graph, x), materialise(graph, indices)], shape, x.value.type, {
    axis: logical!,
  });
  return rowMajor(value);
};

/** Gather where the leading `batchDims` axes of x and of the indices are the same: each item of the batch has its own indices. */
function gatherInBatch(context: LoweringContext, x: Traced, indices: Traced, axis: number, batchDims: number): Traced {
  const { graph } = context;
  const [logical] = util.parseAxisParam(axis, x.shape as number[]) as [number];
  const sizeOf = (shape: readonly number[]) => util.sizeFromShape(shape as number[]);
  const [batch, outer, inner] = [
    x.shape.slice(0, batchDims),
    x.shape.slice(batchDims, logical),
    x.shape.slice(logical + 1),
  ];
  const [B, O, R] = [sizeOf(batch), sizeOf(outer), sizeOf(inner)];
  const chosen = indices.shape.slice(batchDims);
  const I = sizeOf(chosen);
  const grouped = reshape(context, x, [B, O, x.shape[logical]!, R]);
  const data = materialise(graph, grouped, [0, 2, 1, 3]);
  const at = materialise(graph, cast(context, reshape(context, indices, [B, I, 1]), 'int64'));
  const value = graph.emit('GatherND', [data, at], [B, I, O, R], x.value.type, { batch_dims: 1 });
  return reshape(context, { shape: [B, O, I, R], order: [0, 2, 1, 3], value }, [
    ...batch,
    ...outer,
    ...chosen,
    ...inner,
  ]);
}

const stridedSlice: Lowering = ({ x }: { x: Traced }, attrs, context) => {
  const info = slice_util.sliceInfo(
    x.shape as number[],
    attrs.begin,
    attrs.end,
    attrs.strides,
    attrs.beginMask,
    attrs.endMask,
    attrs.ellipsisMask,
    attrs.newAxisMask,
    attrs.shrinkAxisMask,
  );
  const cut = slice(context, x, info.begin, info.end, info.strides);
  return reshape(context, cut, info.finalShape);
};

export const fill = (
  { graph }: LoweringContext,
  shape: readonly number[],
  value: number,
  dtype: 'float32' | 'int32' | 'bool',
): Traced => ({
  shape,
  order: identityOrder(shape.length),
  value: graph.reshape(graph.scalar(value, dtype), new Array<number>(shape.length).fill(1)),
});

/** The constant vector of the values of 0 … count - 1. */
function sequence(graph: GraphBuilder, count: number, at: (i: number) => number, dtype: 'float32' | 'int32'): Traced {
  const numbers = Array.from({ length: count }, (_, i) => at(i));
  return rowMajor(
    graph.constant(dtype === 'int32' ? Int32Array.from(numbers) : Float32Array.from(numbers), [count], dtype),
  );
}

/** indices == 0 … depth - 1; ONNX's OneHot counts negative indices from the end, where TF.js gives them no 1. */
const oneHot: Lowering = ({ indices }: { indices: Traced }, { depth, onValue, offValue, dtype }, context) => {
  const { graph } = context;
  const type = elementTypeOf(dtype);
  const classes = graph.constant(
    Int32Array.from({ length: depth }, (_, i) => i),
    [depth],
    'int32',
  );
  const column = reshape(context, indices, [...indices.shape, 1]);
  const hit = elementwise(context, 'Equal', [column, rowMajor(classes)], { type: 'bool' });
  const number = type === 'float32' ? 'float32' : 'int32';
  const scalar = (value: number) => rowMajor(graph.scalar(value, number));
  return cast(context, elementwise(context, 'Where', [hit, scalar(onValue), scalar(offValue)], { type: number }), type);
};

/** Adds rows of x to the rows that `segmentIds` names, the gradient of Gather. Rows with other ids, which TF.js drops, go to one row more, which is cut off. */
const unsortedSegmentSum: Lowering = (
  { x, segmentIds }: { x: Traced; segmentIds: Traced },
  { numSegments },
  context,
) => {
  const { graph } = context;
  const { constant } = segmentIds.value;
  const inside = constant && Array.from(constant, Number).every((id) => id >= 0 && id < numSegments);
  const shape = [inside ? numSegments : numSegments + 1, ...x.shape.slice(1)];
  const zeros = materialise(graph, fill(context, shape, 0, x.value.type as 'float32'));
  const ids = inside ? segmentIds : orElse(context, segmentIds, numSegments);
  const rows = materialise(graph, cast(context, reshape(context, ids, [...ids.shape, 1]), 'int64'));
  const inputs = [zeros, rows, materialise(graph, x)];
  const sums = rowMajor(graph.emit('ScatterND', inputs, shape, x.value.type, { reduction: 'add' }));
  return slice(
    context,
    sums,
    shape.map(() => 0),
    [numSegments, ...shape.slice(1)],
  );
};

/** Ids in 0 … count - 1 as they are, others as `count`. */
function orElse(context: LoweringContext, ids: Traced, count: number): Traced {
  const scalar = (value: number): Traced => ({ shape: [], order: [], value: context.graph.scalar(value, 'int32') });
  const negative = elementwise(context, 'Less', [ids, scalar(0)], { type: 'bool' });
  const capped = elementwise(context, 'Min', [ids, scalar(count)]);
  return elementwise(context, 'Where', [negative, scalar(count), capped], { type: 'int32' });
}

export const shapeLowerings: LoweringTable = {
  Reshape: ({ x }: { x: Traced }, { shape }, context) =>
    reshape(context, x, util.inferFromImplicitShape(shape, util.sizeFromShape(x.shape as number[]))),
  ExpandDims: ({ input }: { input: Traced }, { dim }, context) => {
    const axis = dim < 0 ? dim + input.shape.length + 1 : dim;
    if (!(axis >= 0 && axis <= input.shape.length))
      throw new Error(`axis ${dim} is not one of a tensor of rank ${input.shape.length}`);
    return reshape(context, input, [...input.shape.slice(0, axis), 1, ...input.shape.slice(axis)]);
  },
  Transpose: ({ x }: { x: Traced }, { perm }) => transpose(x, perm),
  Slice: ({ x }: { x: Traced }, { begin, size }, context) => {
    const [starts, sizes] = slice_util.parseSliceParams(x as never, begin, size);
    slice_util.assertParamsValid(x as never, starts!, sizes!);
    return slice(
      context,
      x,
      starts!,
      starts!.map((start, axis) => start + sizes![axis]!),
    );
  },
  StridedSlice: stridedSlice,
  Concat: concat,
  Pack: (inputs: Traced[], { axis }: { axis: number }, context) => {
    const parts = Object.values(inputs).map((part) => {
      const at = axis < 0 ? axis + part.shape.length + 1 : axis;
      return reshape(context, part, [...part.shape.slice(0, at), 1, ...part.shape.slice(at)]);
    });
    return concat(parts, { axis: axis < 0 ? axis + parts[0]!.shape.length : axis }, context);
  },
  Unpack: ({ value }: { value: Traced }, { axis }, context) => {
    const at = axis < 0 ? axis + value.shape.length : axis;
    return Array.from({ length: value.shape[at]! }, (_, i) => {
      const starts = value.shape.map((_dimension, other) => (other === at ? i : 0));
      const ends = value.shape.map((dimension, other) => (other === at ? i + 1 : dimension));
      return reshape(
        context,
        slice(context, value, starts, ends),
        value.shape.filter((_dimension, other) => other !== at),
      );
    });
  },
  SplitV: ({ x }: { x: Traced }, { numOrSizeSplits, axis }, context) => {
    const [at] = util.parseAxisParam(axis, x.shape as number[]);
    const sizes = backend_util.prepareSplitSize(x as never, numOrSizeSplits, at);
    let start = 0;
    return sizes.map((size) => {
      const end = start + size;
      const part = slice(
        context,
        x,
        x.shape.map((_, i) => (i === at ? start : 0)),
        x.shape.map((dimension, i) => (i === at ? end : dimension)),
      );
      start = end;
      return part;
    });
  },
  PadV2: ({ x }, { paddings, constantValue }, context) => pad(context, x, paddings, 'constant', constantValue),
  MirrorPad: ({ x }, { paddings, mode }, context) => {
    return mode === 'reflect' ? pad(context, x, paddings, 'reflect') : padSymmetric(context, x, paddings);
  },
  Tile: ({ x }: { x: Traced }, { reps }: { reps: number[] }, { graph }) => {
    const shape = x.shape.map((dimension, axis) => dimension * reps[axis]!);
    // Where every tiled axis has size 1 the broadcast stays lazy.
    if (x.shape.every((dimension, axis) => dimension === 1 || reps[axis] === 1)) return { ...x, shape };
    const value = materialise(graph, x, x.order);
    return {
      shape,
      order: x.order,
      value: graph.emit(
        'Tile',
        [value, graph.integers(x.order.map((axis) => reps[axis]!))],
        physicalShape(shape, x.order),
        value.type,
      ),
    };
  },
  Reverse: ({ x }: { x: Traced }, { dims }, context) => {
    const axes = util.parseAxisParam(dims, x.shape as number[]);
    if (axes.length === 0) return x;
    const reversed = (axis: number) => axes.includes(axis) && x.shape[axis]! > 1;
    const starts = x.shape.map((dimension, axis) => (reversed(axis) ? dimension - 1 : 0));
    const steps = x.shape.map((_, axis) => (reversed(axis) ? -1 : 1));
    const ends = x.shape.map((dimension, axis) => (reversed(axis) ? -1 : dimension));
    return slice(context, x, starts, ends, steps);
  },
  GatherV2: gather,
  UnsortedSegmentSum: unsortedSegmentSum,
  OneHot: oneHot,
  Fill: (_inputs, { shape, value, dtype }, context) =>
    fill(context, shape, value, elementTypeOf(dtype ?? 'float32') as 'float32'),
  Range: (_inputs, { start, stop, step, dtype }, { graph }) => {
    const count =
      start === stop || (start < stop && step < 0) || (stop < start && step > 1)
        ? 0
        : Math.abs(Math.ceil((stop - start) / step));
    const direction = stop < start && step === 1 ? -1 : step;
    return sequence(graph, count, (i) => start + i * direction, dtype ?? 'float32');
  },
  LinSpace: (_inputs, { start, stop, num }, { graph }) =>
    sequence(graph, num, (i) => start + (i * (stop - start)) / (num - 1 || 1), 'float32'),
  BroadcastTo: ({ x }: { x: Traced }, { shape }, context) => {
    const wide = reshape(context, x, [...new Array<number>(shape.length - x.shape.length).fill(1), ...x.shape]);
    return { ...wide, shape };
  },
  Diag: ({ x }: { x: Traced }, _attrs, context) => {
    const count = util.sizeFromShape(x.shape as number[]);
    const numbers = sequence(context.graph, count, (i) => i, 'int32');
    const diagonal = elementwise(context, 'Equal', [reshape(context, numbers, [count, 1]), numbers], { type: 'bool' });
    const zero = fill(context, [], 0, x.value.type as 'float32');
    const matrix = elementwise(context, 'Where', [diagonal, reshape(context, x, [count]), zero], {
      type: x.value.type,
    });
    return reshape(context, matrix, [...x.shape, ...x.shape]);
  },
  ZerosLike: ({ x }: { x: Traced }, _attrs, context) => fill(context, x.shape, 0, x.value.type as 'float32'),
  OnesLike: ({ x }: { x: Traced }, _attrs, context) => fill(context, x.shape, 1, x.value.type as 'float32'),
};
