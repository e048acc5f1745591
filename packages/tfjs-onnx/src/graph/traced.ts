import type { GraphBuilder } from './graph-builder.ts';
import { type ConstantData, sameShape, sizeOf, type Value } from './types.ts';

/**
 * A TF.js tensor while its function is traced: a logical shape, and a graph value that holds it in a *physical* axis
 * order. Activations are stored as NCHW and filters as OIHW, as ONNX convolutions take them, while TF.js sees NHWC and
 * HWIO; only kernels that need another order emit a Transpose.
 *
 * A physical axis may also have size 1 where the logical one is larger: the value is broadcast lazily, so `ones` and
 * expanded gradients cost nothing until a kernel needs every element.
 */
export interface Traced {
  readonly shape: readonly number[];
  /** Physical axis `i` holds logical axis `order[i]`. */
  readonly order: readonly number[];
  readonly value: Value;
  /** Imaginary part of a complex tensor, whose real part is `value`, in the same physical shape. */
  readonly imaginary?: Value;
}

export const identityOrder = (rank: number): number[] => Array.from({ length: rank }, (_, axis) => axis);

/** Physical order of NHWC activations: NCHW. */
export const NCHW: readonly number[] = [0, 3, 1, 2];
/** Physical order of HWIO filters: OIHW. */
export const OIHW: readonly number[] = [3, 2, 0, 1];

export const physicalShape = (shape: readonly number[], order: readonly number[]): number[] =>
  order.map((axis) => shape[axis]!);

/** The value in physical order `order`. Axes that are broadcast lazily keep size 1. */
export function toOrder(graph: GraphBuilder, tensor: Traced, order: readonly number[]): Value {
  return graph.transpose(
    tensor.value,
    order.map((axis) => tensor.order.indexOf(axis)),
  );
}

/** The value with every element present, in physical order `order` (row-major by default). */
export function materialise(
  graph: GraphBuilder,
  tensor: Traced,
  order: readonly number[] = identityOrder(tensor.shape.length),
): Value {
  const value = toOrder(graph, tensor, order);
  const shape = physicalShape(tensor.shape, order);
  if (sameShape(value.shape, shape)) return value;
  return graph.emit('Expand', [value, graph.integers(shape)], shape, value.type);
}

/** The elements of a constant in logical row-major order, with those that are broadcast lazily. */
export function elementsOf({ shape, order, value }: Traced): ConstantData {
  const data = value.constant!;
  const strides = new Array<number>(shape.length).fill(0);
  let stride = 1;
  for (let physical = order.length - 1; physical >= 0; physical--) {
    const size = value.shape[physical]!;
    if (size !== 1) strides[order[physical]!] = stride;
    stride *= size;
  }
  const out = new (data.constructor as Float32ArrayConstructor)(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  let source = 0;
  for (let target = 0; target < out.length; target++) {
    out[target] = data[source] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      source -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}

/** A tensor in row-major order. */
export const rowMajor = (value: Value, shape: readonly number[] = value.shape): Traced => ({
  shape,
  order: identityOrder(shape.length),
  value,
});

/**
 * Brings broadcast operands into one physical order, that of the largest operand of full rank, so that an elementwise
 * ONNX operator can take them (numpy broadcasting).
 */
export function alignForBroadcast(
  graph: GraphBuilder,
  operands: readonly Traced[],
  shape: readonly number[],
): { values: Value[]; order: readonly number[] } {
  const rank = shape.length;
  const elements = (tensor: Traced) => tensor.value.shape.reduce((size, dimension) => size * dimension, 1);
  let leader: Traced | undefined;
  for (const operand of operands) {
    if (operand.shape.length === rank && (!leader || elements(operand) > elements(leader))) leader = operand;
  }
  const order = leader?.order ?? identityOrder(rank);
  const values = operands.map((operand) => {
    if (elements(operand) === 1) return graph.reshape(operand.value, []);
    const missing = rank - operand.shape.length;
    if (missing === 0) return toOrder(graph, operand, order);
    const padded: Traced = {
      shape: [...new Array<number>(missing).fill(1), ...operand.shape],
      order: [...identityOrder(missing), ...operand.order.map((axis) => axis + missing)],
      value: graph.reshape(operand.value, [...new Array<number>(missing).fill(1), ...operand.value.shape]),
    };
    return toOrder(graph, padded, order);
  });
  return { values, order };
}

/** The shape that numpy's broadcasting gives operands of these physical shapes. */
export function broadcastShape(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, i) => {
    let dimension = 1;
    for (const shape of shapes) {
      const own = shape[i - rank + shape.length] ?? 1;
      if (own !== 1) dimension = own;
    }
    return dimension;
  });
}
