/** @module Biases as the convolutions' own input: one pass over the activations fewer than with an Add. */
import type { Graph } from '../graph/graph.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/types.ts';
import { countReaders, rewrite } from './rewrite.ts';

/** Operators whose third input is added along axis 1 of the result. */
const takesBias = new Set(['Conv', 'ConvTranspose', 'Gemm']);

/** Add(Conv(x, w), a constant per channel) -> Conv(x, w, constant), and so for ConvTranspose and Gemm. */
export function mergeBiases(graph: Graph): Graph {
  const readers = countReaders(graph);
  return rewrite(graph, (node, builder, original) => {
    if (node.operator !== 'Add') return undefined;
    const at = node.inputs.findIndex((input) => takesBias.has(input?.node?.operator ?? ''));
    const product = node.inputs[at];
    const bias = node.inputs[1 - at];
    // If others read the product too, it would be computed twice.
    if (product?.node?.inputs.length !== 2 || readers.get(original.inputs[at]!) !== 1) return undefined;
    const values = bias && perChannel(builder, bias, product.shape);
    if (!values) return undefined;
    const { operator, inputs, attributes } = product.node;
    return builder.emit(operator, [...inputs, values], product.shape, product.type, attributes);
  });
}

/** A constant [C] that broadcasts to `shape` as `value` does; undefined where it isn't constant or varies along other axes. */
function perChannel(
  builder: GraphBuilder,
  { constant: data, shape: own, type, name }: Value,
  shape: readonly number[],
): Value | undefined {
  const C = shape[1]!;
  if (data?.length === 1) return builder.constant(new Float32Array(C).fill(data[0] as number), [C], type, name);
  const padded = [...new Array<number>(shape.length - own.length).fill(1), ...own];
  const varies = padded.every((dimension, axis) => dimension === (axis === 1 ? C : 1));
  return data && varies ? builder.constant(data, [C], type, name) : undefined;
}
