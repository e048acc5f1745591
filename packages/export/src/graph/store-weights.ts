/** @module Weights stored in fewer bits; what is computed stays float32, so every ONNX Runtime can run it. */
import type { Graph } from '@latent-dogs/tfjs-onnx';
import { constant, emit, type Node, rewrite, type Value } from './rewrite.ts';

export type Precision = 'fp32' | 'fp16' | 'int8';

/** TensorProto.DataType of float32, what Cast casts to. */
const FLOAT = 1;

/** Axis of the output channels of each operator's weights: [O, I, kh, kw], [I, O, kh, kw], [in, out]. */
const channelAxis: Readonly<Record<string, number>> = { Conv: 0, ConvTranspose: 1, Gemm: 1 };

/**
 * Stores the weights of convolutions and matrix products as `precision`; biases, few and small, stay float32.
 *
 * fp16: float16, and a Cast that ONNX Runtime does once, when it loads the model.
 * int8: a whole number from -127 to 127 and a float32 scale an output channel, and a DequantizeLinear (symmetric).
 */
export function storeWeights(graph: Graph, precision: Precision): Graph {
  if (precision === 'fp32') return graph;
  const stored = new Map<Value, Value>();
  return rewrite(graph, (node) => {
    const axis = channelAxis[node.operator];
    const weights = node.inputs[1];
    if (axis === undefined || !weights?.constant) return undefined;
    const store = () => (precision === 'fp16' ? asFloat16(weights) : asInt8(weights, axisOf(node, axis)));
    const small = stored.get(weights) ?? store();
    stored.set(weights, small);
    const [x, , ...rest] = node.inputs;
    return emit(node.operator, [x!, small, ...rest], node.outputs[0]!.shape, node.outputs[0]!.type, node.attributes);
  });
}

const axisOf = ({ operator, attributes }: Node, axis: number) => (operator === 'Gemm' && attributes.transB ? 0 : axis);

function asFloat16(weights: Value): Value {
  const half = new Float16Array(weights.constant as Float32Array);
  const bits = new Uint16Array(half.buffer);
  return emit('Cast', [constant(bits, weights.shape, 'float16')], weights.shape, 'float32', { to: FLOAT });
}

function asInt8(weights: Value, axis: number): Value {
  const data = weights.constant as Float32Array;
  const channels = weights.shape[axis]!;
  const inner = weights.shape.slice(axis + 1).reduce((size, dimension) => size * dimension, 1);
  const channelOf = (i: number) => Math.floor(i / inner) % channels;
  const largest = new Float32Array(channels);
  data.forEach((value, i) => {
    largest[channelOf(i)] = Math.max(largest[channelOf(i)]!, Math.abs(value));
  });
  // A channel of zeros may have any scale but 0.
  const scales = largest.map((value) => (value > 0 ? value / 127 : 1));
  const steps = Int8Array.from(data, (value, i) => Math.round(value / scales[channelOf(i)]!));
  return emit(
    'DequantizeLinear',
    [constant(steps, weights.shape, 'int8'), constant(scales, [channels], 'float32')],
    weights.shape,
    'float32',
    { axis },
  );
}
