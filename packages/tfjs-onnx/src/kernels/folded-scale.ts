/** @module Factors of a frozen batch norm, multiplied into the constant filter of the convolution before or after it. */
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { identityOrder, materialise, NCHW, type Traced } from '../graph/traced.ts';
import { sameShape, type Value } from '../graph/types.ts';

/** y = factors · x + shifts for each channel, the last axis. */
export interface ChannelScale {
  readonly factors: Float32Array;
  readonly shifts: Float32Array;
}

/**
 * The scaled result of a convolution whose filter is constant: the same convolution with another filter and a bias, or
 * undefined if `x` is not such a result.
 */
export function scaledConvolution(graph: GraphBuilder, x: Traced, scale: ChannelScale): Traced | undefined {
  const { node } = x.value;
  const biased = node?.operator === 'Add' ? withoutBias(x, scale) : undefined;
  if (biased) return scaledConvolution(graph, biased.x, biased.scale);
  if (node?.operator === 'Conv' && sameShape(x.order, NCHW)) {
    const [input, filter, bias] = node.inputs;
    if (!filter?.constant || bias) return undefined;
    const inputs = [input!, scaleRows(graph, filter, scale.factors), vector(graph, scale.shifts)];
    return { ...x, value: graph.emit('Conv', inputs, x.value.shape, 'float32', node.attributes) };
  }
  const gemm = node?.operator === 'Reshape' ? node.inputs[0]! : undefined;
  if (gemm?.node?.operator === 'Gemm' && sameShape(x.order, identityOrder(4))) {
    const [rows, matrix, bias] = gemm.node.inputs;
    if (!matrix?.constant || bias || gemm.node.attributes['transB'] || gemm.shape[1] !== scale.factors.length)
      return undefined;
    const inputs = [rows!, scaleColumns(graph, matrix, scale.factors), vector(graph, scale.shifts)];
    const value = graph.emit('Gemm', inputs, gemm.shape, 'float32', gemm.node.attributes);
    return { ...x, value: graph.reshape(value, x.value.shape) };
  }
  return undefined;
}

/** Of the sum of something and a constant per channel: the former, and the scale that also does what the constant does. */
function withoutBias(x: Traced, { factors, shifts }: ChannelScale): { x: Traced; scale: ChannelScale } | undefined {
  const { inputs } = x.value.node!;
  const at = inputs.findIndex((input) => input?.constant);
  const [bias, value] = [inputs[at], inputs[1 - at]];
  if (at < 0 || !bias || !value || !sameShape(value.shape, x.value.shape)) return undefined;
  const channel = x.order.indexOf(x.shape.length - 1) - x.order.length + bias.shape.length;
  const perChannel = bias.shape.every((size, axis) => size === (axis === channel ? factors.length : 1));
  if (!perChannel && bias.constant!.length !== 1) return undefined;
  const added = (i: number) => Number(bias.constant![bias.constant!.length === 1 ? 0 : i]);
  return {
    x: { ...x, value },
    scale: { factors, shifts: shifts.map((shift, i) => shift + added(i) * factors[i]!) },
  };
}

/**
 * For the gradient of a convolution's input: where dy is a product with constant factors of the channels, dy without them
 * and a filter with them. `order` is a physical order of the filter in which the output channels come first.
 */
export function moveScaleIntoFilter(
  graph: GraphBuilder,
  dy: Traced,
  filter: Traced,
  order: readonly number[],
): { dy: Traced; filter: Traced } {
  const { node } = dy.value;
  const constant = materialise(graph, filter, order);
  const [operand, factors] = node?.operator === 'Mul' ? node.inputs : [];
  const channel = dy.order.indexOf(3);
  const perChannel = factors?.shape.every((size, axis) => size === (axis === channel ? dy.shape[3] : 1));
  if (!constant.constant || !factors?.constant || !perChannel || !sameShape(operand!.shape, dy.value.shape))
    return { dy, filter };
  const value = scaleRows(graph, constant, factors.constant as Float32Array);
  return { dy: { ...dy, value: operand! }, filter: { ...filter, order, value } };
}

const vector = (graph: GraphBuilder, data: Float32Array): Value => graph.constant(data, [data.length], 'float32');

/** A constant whose leading axes hold the output channels, each multiplied by its factor. */
function scaleRows(graph: GraphBuilder, { constant, shape, name }: Value, factors: Float32Array): Value {
  const size = constant!.length / factors.length;
  const data = Float32Array.from(constant as Float32Array, (weight, i) => weight * factors[Math.floor(i / size)]!);
  return graph.constant(data, shape, 'float32', name);
}

/** A constant matrix [rows, channels], each column multiplied by its factor. */
function scaleColumns(graph: GraphBuilder, { constant, shape, name }: Value, factors: Float32Array): Value {
  const data = Float32Array.from(constant as Float32Array, (weight, i) => weight * factors[i % factors.length]!);
  return graph.constant(data, shape, 'float32', name);
}
