import { util } from '@tensorflow/tfjs-core';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { identityOrder, materialise, rowMajor, type Traced } from '../graph/traced.ts';
import type { Value } from '../graph/types.ts';
import { cast, elementwise } from './elementwise.ts';
import type { Lowering, LoweringContext, LoweringTable } from './lowering.ts';
import { concat, fill, reshape, slice } from './shape.ts';

/** Reduces logical axes in whatever physical order they are; the others keep their physical order. */
function reduce(
  context: LoweringContext,
  operator: string,
  x: Traced,
  axis: number | number[] | undefined,
  keepDims: boolean,
): Traced {
  const { graph } = context;
  const axes = util.parseAxisParam(axis ?? identityOrder(x.shape.length), x.shape as number[]);
  const kept = x.order.filter((logical) => !axes.includes(logical));
  const physicalAxes = x.order.flatMap((logical, physical) => (axes.includes(logical) ? [physical] : []));
  const shape = keepDims
    ? x.shape.map((dimension, i) => (axes.includes(i) ? 1 : dimension))
    : x.shape.filter((_, i) => !axes.includes(i));
  const order = keepDims
    ? x.order
    : kept.map((logical) => logical - axes.filter((reduced) => reduced < logical).length);
  // The reduction must count every element of an axis that is broadcast lazily.
  const full = physicalAxes.some((physical) => x.value.shape[physical] !== x.shape[x.order[physical]!])
    ? materialise(graph, x, x.order)
    : x.value;
  if (physicalAxes.length === 0) return { shape, order, value: x.value };
  return { shape, order, value: reduceInSteps(context, operator, full, physicalAxes, keepDims) };
}

/** Operators that give the same when an axis is reduced after the others. A mean of means does, as all have the same count. */
const IN_STEPS = new Set(['ReduceSum', 'ReduceMean']);

/**
 * The axes 0, 1, … as two reductions, the first axis last. In one, two threads of ONNX Runtime take 15 times as long as one
 * thread for [64, 32, 32, 64] to [64]; in two steps, they take no longer.
 */
function reduceInSteps(
  { graph }: LoweringContext,
  operator: string,
  x: Value,
  axes: readonly number[],
  keepDims: boolean,
): Value {
  const leading = axes.length > 1 && axes.length < x.shape.length && axes.every((axis, i) => axis === i);
  if (!leading || x.type !== 'float32' || !IN_STEPS.has(operator))
    return emitReduce(graph, operator, x, axes, keepDims);
  const within = emitReduce(graph, operator, x, axes.slice(1), keepDims);
  return emitReduce(graph, operator, within, [0], keepDims);
}

/** ReduceSum takes axes as an input since opset 13, the others as an attribute until opset 18. */
function emitReduce(
  graph: GraphBuilder,
  operator: string,
  x: Value,
  axes: readonly number[],
  keepDims: boolean,
): Value {
  const shape = x.shape.flatMap((dimension, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [dimension]));
  const keepdims = keepDims ? 1 : 0;
  return operator === 'ReduceSum'
    ? graph.emit(operator, [x, graph.integers(axes)], shape, x.type, { keepdims })
    : graph.emit(operator, [x], shape, x.type, { axes, keepdims });
}

const reduction =
  (operator: string): Lowering =>
  ({ x }, { axis, keepDims }, context) =>
    reduce(context, operator, notBool(context, x), axis, keepDims ?? false);

const notBool = (context: LoweringContext, x: Traced): Traced =>
  x.value.type === 'bool' ? cast(context, x, 'int32') : x;

const number = ({ graph }: LoweringContext, value: number): Traced => ({
  shape: [],
  order: [],
  value: graph.scalar(value),
});

/** Where a value is NaN, which equals nothing. ONNX Runtime's WebGPU provider has no IsNaN, and would leave it to the CPU. */
const notANumber = (context: LoweringContext, x: Traced): Traced =>
  elementwise(context, 'Not', [elementwise(context, 'Equal', [x, x], { type: 'bool' })], { type: 'bool' });

/** Largest or smallest value, or NaN where there is one: ONNX Runtime passes over NaN. */
const extreme =
  (operator: 'ReduceMax' | 'ReduceMin'): Lowering =>
  ({ x }: { x: Traced }, { reductionIndices, axis, keepDims = false }, context) => {
    const axes = reductionIndices ?? axis;
    const result = reduce(context, operator, notBool(context, x), axes, keepDims);
    if (x.value.type === 'bool') return cast(context, result, 'bool');
    if (x.value.type !== 'float32') return result;
    const found = reduce(context, 'ReduceMax', cast(context, notANumber(context, x), 'float32'), axes, keepDims);
    const condition = cast(context, found, 'bool');
    return elementwise(context, 'Where', [condition, number(context, Number.NaN), result], { type: 'float32' });
  };

/** All and Any through int32, which ONNX can reduce. */
const logical =
  (operator: string): Lowering =>
  ({ x }, { axis, keepDims }, context) =>
    cast(context, reduce(context, operator, cast(context, x, 'int32'), axis, keepDims ?? false), 'bool');

const arg =
  (operator: 'ArgMax' | 'ArgMin'): Lowering =>
  ({ x }: { x: Traced }, { axis }, context) => {
    const [logicalAxis] = util.parseAxisParam(axis, x.shape as number[]);
    const comparable = withoutNaN(context, notBool(context, x), logicalAxis!, operator === 'ArgMax' ? 1 : -1);
    const input = materialise(context.graph, comparable);
    const shape = x.shape.filter((_, i) => i !== logicalAxis);
    const index = context.graph.emit(operator, [input], shape, 'int64', { axis: logicalAxis!, keepdims: 0 });
    return cast(context, rowMajor(index), 'int32');
  };

/** TF.js passes over NaN when it looks for an extreme, but stops at a NaN in the first place. `side` is 1 for the largest value. */
function withoutNaN(context: LoweringContext, x: Traced, axis: number, side: 1 | -1): Traced {
  if (x.value.type !== 'float32') return x;
  const data = new Float32Array(x.shape[axis]!).fill(-side * Number.POSITIVE_INFINITY);
  data[0] = side * Number.POSITIVE_INFINITY;
  const replacements = rowMajor(context.graph.constant(data, [data.length], 'float32'));
  const along = reshape(context, replacements, [data.length, ...x.shape.slice(axis + 1).fill(1)]);
  return elementwise(context, 'Where', [notANumber(context, x), along, x], { type: 'float32' });
}

/** Softmax over the last logical axis. */
const softmax =
  (operator: 'Softmax' | 'LogSoftmax'): Lowering =>
  ({ logits }: { logits: Traced }, _attrs, context) => {
    const axis = logits.order.indexOf(logits.shape.length - 1);
    const value = materialise(context.graph, cast(context, logits, 'float32'), logits.order);
    return { ...logits, value: context.graph.emit(operator, [value], value.shape, value.type, { axis }) };
  };

/**
 * Products of all elements up to each one. ONNX has no operator for them: each round multiplies by the element that is 1, 2,
 * 4, … places before.
 */
const cumulativeProduct: Lowering = ({ x: given }: { x: Traced }, { axis, exclusive, reverse }, context) => {
  const x = notBool(context, given);
  const [logicalAxis] = util.parseAxisParam(axis, x.shape as number[]);
  const size = x.shape[logicalAxis!]!;
  /** The elements `distance` places before, and ones where there is none. */
  const shifted = (from: Traced, distance: number): Traced => {
    const [start, end] = reverse ? [distance, size] : [0, size - distance];
    const kept = slice(
      context,
      from,
      from.shape.map((_, i) => (i === logicalAxis ? start : 0)),
      from.shape.map((dimension, i) => (i === logicalAxis ? end : dimension)),
    );
    const ones = fill(
      context,
      from.shape.map((dimension, i) => (i === logicalAxis ? distance : dimension)),
      1,
      from.value.type as 'float32',
    );
    return concat(reverse ? [kept, ones] : [ones, kept], { axis: logicalAxis! }, context) as Traced;
  };
  let product = exclusive && size > 0 ? shifted(x, 1) : x;
  for (let distance = 1; distance < size; distance *= 2)
    product = elementwise(context, 'Mul', [product, shifted(product, distance)]);
  return product;
};

const cumulative: Lowering = ({ x: given }: { x: Traced }, { axis, exclusive, reverse }, context) => {
  const { graph } = context;
  const x = notBool(context, given);
  const [logicalAxis] = util.parseAxisParam(axis, x.shape as number[]);
  const value = materialise(graph, x, x.order);
  const physical = x.order.indexOf(logicalAxis!);
  const attributes = { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 };
  return {
    ...x,
    value: graph.emit('CumSum', [value, graph.scalar(physical, 'int32')], value.shape, value.type, attributes),
  };
};

export const reduceLowerings: LoweringTable = {
  Sum: ({ x }: { x: Traced }, { axis, keepDims }, context) =>
    reduce(context, 'ReduceSum', notBool(context, x), axis, keepDims ?? false),
  Mean: ({ x }: { x: Traced }, { axis, keepDims }, context) =>
    reduce(context, 'ReduceMean', cast(context, x, 'float32'), axis, keepDims ?? false),
  Max: extreme('ReduceMax'),
  Min: extreme('ReduceMin'),
  Prod: reduction('ReduceProd'),
  All: logical('ReduceMin'),
  Any: logical('ReduceMax'),
  ArgMax: arg('ArgMax'),
  ArgMin: arg('ArgMin'),
  Softmax: softmax('Softmax'),
  LogSoftmax: softmax('LogSoftmax'),
  Cumsum: cumulative,
  Cumprod: cumulativeProduct,
};
