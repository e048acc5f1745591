/** @module Weights stored in fewer bits; what is computed stays float32, so every ONNX Runtime can run it. */
import type { Graph } from '../graph/graph.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { ELEMENT_TYPES, type Value } from '../graph/types.ts';
import { rewrite } from './rewrite.ts';

/** How weights are stored in a file. */
export type WeightPrecision = 'fp32' | 'fp16' | 'int8';

/** Which input of an operator holds weights, and along which of its axes the output channels lie. */
const weightsOf: Readonly<Record<string, { readonly input: number; readonly axis: number }>> = {
  Conv: { input: 1, axis: 0 },
  ConvTranspose: { input: 1, axis: 1 },
  Gemm: { input: 1, axis: 1 },
  // A filter [in, out, 9] that is spread when the model is loaded: folded-network.ts of packages/export.
  MatMul: { input: 0, axis: 1 },
};

/**
 * Stores the weights of convolutions and matrix products as `precision`; biases stay float32: they are small and few.
 *
 * fp16: float16, and a Cast. int8: a whole number from -127 to 127 and a float32 scale for each output channel, and a
 * Cast and a Mul. ONNX Runtime computes these once, when it loads the model. DequantizeLinear means the same as the
 * latter, but ONNX Runtime keeps it in the graph for integer kernels, and then computes it for every picture.
 */
export function storeWeights(graph: Graph, precision: WeightPrecision): Graph {
  if (precision === 'fp32') return graph;
  return rewrite(graph, (node, builder) => {
    const place = weightsOf[node.operator];
    const weights = place && node.inputs[place.input];
    if (!place || !weights?.constant) return undefined;
    const small = precision === 'fp16' ? asFloat16(builder, weights) : asInt8(builder, weights, place.axis);
    const inputs = node.inputs.with(place.input, small);
    return builder.emit(node.operator, inputs, node.outputs[0]!.shape, node.outputs[0]!.type, node.attributes);
  });
}

function asFloat16(builder: GraphBuilder, weights: Value): Value {
  const bits = Uint16Array.from(weights.constant as Float32Array, float16Bits);
  return toFloat(builder, builder.constant(bits, weights.shape, 'float16', weights.name));
}

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

/** IEEE 754 binary16 bits of a float32 number, rounded to the nearest, ties to even. (Float16Array is not in Node 20 and 22.) */
export function float16Bits(number: number): number {
  float[0] = number;
  const bits = floatBits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // From 65520 on, which is nearer to 65536 than to the largest number, 65504.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Below 2^-14 numbers are multiples of 2^-24; adding 0.5 lets float32 round to that.
    float[0] = Math.abs(number) + 0.5;
    return sign | (floatBits[0]! - 0x3f000000);
  }
  const odd = (magnitude >>> 13) & 1;
  return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13);
}

function asInt8(builder: GraphBuilder, weights: Value, axis: number): Value {
  const data = weights.constant as Float32Array;
  const channels = weights.shape[axis]!;
  const inner = weights.shape.slice(axis + 1).reduce((size, dimension) => size * dimension, 1);
  const channelOf = (i: number) => Math.floor(i / inner) % channels;
  const largest = new Float32Array(channels);
  for (const [i, value] of data.entries()) largest[channelOf(i)] = Math.max(largest[channelOf(i)]!, Math.abs(value));
  // For a channel of zeros any scale but 0 is right.
  const scales = largest.map((value) => (value > 0 ? value / 127 : 1));
  const steps = Int8Array.from(data, (value, i) => Math.round(value / scales[channelOf(i)]!));
  const along = weights.shape.map((dimension, i) => (i === axis ? dimension : 1));
  const whole = toFloat(builder, builder.constant(steps, weights.shape, 'int8'));
  return builder.emit('Mul', [whole, builder.constant(scales, along, 'float32')], weights.shape, 'float32');
}

const toFloat = (builder: GraphBuilder, value: Value) =>
  builder.emit('Cast', [value], value.shape, 'float32', { to: ELEMENT_TYPES.float32 });
