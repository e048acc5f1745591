/** @module Poolings of pictures and of volumes, and their gradients, over any number of spatial axes. */
import { materialise, physicalShape, type Traced } from '../graph/traced.ts';
import { sizeOf, type Value } from '../graph/types.ts';
import { elementwise } from './elementwise.ts';
import type { LoweringContext } from './lowering.ts';
import { product } from './product.ts';
import { pad } from './shape.ts';

/** A pooling, from [N, ..., C] to [N, ..., C]. Lists have a number for each spatial axis. */
export interface Pooling {
  /** Physical order of ONNX: N, C, then the spatial axes. */
  readonly order: readonly number[];
  readonly inShape: readonly number[];
  readonly outShape: readonly number[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  /** Padding before each axis, then after each. */
  readonly pads: readonly number[];
  /** Pixels at the end of each axis that no window covers. */
  readonly unreached: readonly number[];
}

const attributesOf = ({ kernel, strides, pads }: Pooling) => ({ kernel_shape: kernel, strides, pads });
const insideOf = ({ inShape }: Pooling) => inShape.slice(1, -1);
const outsideOf = ({ outShape }: Pooling) => outShape.slice(1, -1);

/** Whether some window may lie in the padding alone, which ONNX does not allow. */
export const padsMuch = ({ kernel, pads }: Pooling): boolean =>
  pads.some((padding, i) => padding >= kernel[i % kernel.length]!);

/** The maximum or the mean of each window of a float32 tensor, over the pixels that are not padding. */
export function pooled(
  context: LoweringContext,
  operator: 'AveragePool' | 'MaxPool',
  x: Traced,
  pooling: Pooling,
): Traced {
  const { graph } = context;
  const { order, outShape, kernel, pads } = pooling;
  const shape = physicalShape(outShape, order);
  const emit = (input: Traced, attributes = attributesOf(pooling)): Traced => ({
    shape: outShape,
    order,
    value: graph.emit(operator, [materialise(graph, input, order)], shape, 'float32', attributes),
  });
  if (!padsMuch(pooling)) return emit(x);
  const rank = kernel.length;
  const paddings = kernel.map((_, axis): [number, number] => [pads[axis]!, pads[axis + rank]!]);
  const fill = operator === 'MaxPool' ? Number.NEGATIVE_INFINITY : 0;
  const filled = pad(context, x, [[0, 0], ...paddings, [0, 0]], 'constant', fill);
  const unpadded = { ...attributesOf(pooling), pads: pads.map(() => 0) };
  if (operator === 'MaxPool') {
    // ONNX Runtime starts from the smallest float for volumes.
    const empty = perWindow(context, pooling, (pixels) => (pixels === 0 ? Number.NEGATIVE_INFINITY : 0));
    return elementwise(context, 'Add', [emit(filled, unpadded), empty]);
  }
  // A product between the Pad and the AveragePool, as ONNX Runtime would make one operator of the two, which it then refuses; it
  // takes a factor of 1 away.
  const number = (value: number): Traced => ({ shape: [], order: [], value: graph.scalar(value) });
  const sums = emit(elementwise(context, 'Mul', [filled, number(2 * sizeOf(kernel))]), unpadded);
  // The average of an empty window is 0 / 0, NaN, in a picture, and 0 in a volume, as in TF.js.
  const sizes = perWindow(context, pooling, (pixels) => Math.max(pixels, rank === 2 ? 0 : 1));
  return elementwise(context, 'Div', [elementwise(context, 'Mul', [sums, number(0.5)]), sizes]);
}

/** The maximum of each window, and its place in the input as ONNX counts it, along N, C and the spatial axes. */
export function maximaAndPlaces(
  { graph }: LoweringContext,
  x: Traced,
  pooling: Pooling,
): readonly [values: Value, places: Value] {
  const shape = physicalShape(pooling.outShape, pooling.order);
  const outputs = [
    { shape, type: 'float32' },
    { shape, type: 'int64' },
  ] as const;
  const input = materialise(graph, x, pooling.order);
  return graph.emitMany('MaxPool', [input], outputs, attributesOf(pooling)) as readonly [Value, Value];
}

/** Each dy goes to the pixel that was the largest in its window, the first of equals. */
export function maximumGradient(context: LoweringContext, dy: Traced, input: Traced, pooling: Pooling): Traced {
  const { graph } = context;
  const { inShape, outShape, order } = pooling;
  const [, winners] = maximaAndPlaces(context, input, pooling);
  const [outputs, inputs] = [[sizeOf(outShape)], [sizeOf(inShape)]];
  const zeros = graph.emit('Expand', [graph.scalar(0), graph.integers(inputs)], inputs, 'float32');
  const share = graph.reshape(materialise(graph, dy, order), outputs);
  const operands = [zeros, graph.reshape(winners, outputs), share];
  const sum = graph.emit('ScatterElements', operands, inputs, 'float32', { axis: 0, reduction: 'add' });
  return { shape: inShape, order, value: graph.reshape(sum, physicalShape(inShape, order)) };
}

/** Each pixel gets dy / window size from every window over it: a transposed convolution with a filter of ones, channels as batch. */
export function averageGradient(context: LoweringContext, dy: Traced, pooling: Pooling): Traced {
  const { graph } = context;
  const { inShape, order, kernel, unreached } = pooling;
  const [inside, outside] = [insideOf(pooling), outsideOf(pooling)];
  const share = elementwise(context, 'Div', [dy, perWindow(context, pooling, (pixels) => pixels)]);
  // One window over everything: each pixel has the same share.
  if (outside.every((size) => size === 1) && inside.every((size, axis) => size === kernel[axis]))
    return { ...share, shape: inShape };
  const planes = inShape[0]! * inShape.at(-1)!;
  const shares = graph.reshape(materialise(graph, share, order), [planes, 1, ...outside]);
  const ones = graph.constant(new Float32Array(sizeOf(kernel)).fill(1), [1, 1, ...kernel], 'float32');
  const value = product(context, 'ConvTranspose', [shares, ones], [planes, 1, ...inside], {
    ...attributesOf(pooling),
    ...(unreached.some((size) => size > 0) ? { output_padding: unreached } : {}),
  });
  return { shape: inShape, order, value: graph.reshape(value, physicalShape(inShape, order)) };
}

/** A number for each window, [1, ..., 1], from the pixels under it: windows at the border hold fewer than others. */
function perWindow({ graph }: LoweringContext, pooling: Pooling, numberOf: (pixels: number) => number): Traced {
  const { order, kernel, strides, pads } = pooling;
  const inside = insideOf(pooling);
  let sizes = [1];
  for (const [axis, output] of outsideOf(pooling).entries()) {
    const along = Array.from({ length: output }, (_, at) => {
      const start = at * strides[axis]! - pads[axis]!;
      return Math.max(0, Math.min(start + kernel[axis]!, inside[axis]!) - Math.max(start, 0));
    });
    sizes = sizes.flatMap((size) => along.map((count) => size * count));
  }
  const shape = [1, ...outsideOf(pooling), 1];
  const data = Float32Array.from(sizes, numberOf);
  return { shape, order, value: graph.constant(data, physicalShape(shape, order), 'float32') };
}
