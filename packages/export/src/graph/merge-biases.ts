/** @module Biases as the convolutions' own input: one pass over the activations fewer than with an Add. */
import type { Graph } from '@latent-dogs/tfjs-onnx';
import { constant, countReaders, emit, rewrite, type Value } from './rewrite.ts';

/** Operators whose third input is added along axis 1 of the result. */
const takesBias = new Set(['Conv', 'ConvTranspose', 'Gemm']);

/** Add(Conv(x, w), a constant per channel) -> Conv(x, w, constant), and so for ConvTranspose and Gemm. */
export function mergeBiases(graph: Graph): Graph {
  const readers = countReaders(graph);
  return rewrite(graph, (node, original) => {
    if (node.operator !== 'Add') return undefined;
    const at = node.inputs.findIndex((input) => takesBias.has(input?.node?.operator ?? ''));
    const product = node.inputs[at];
    const bias = node.inputs[1 - at];
    // Where others read the product too it would be computed twice.
    if (product?.node?.inputs.length !== 2 || readers.get(original.inputs[at]!) !== 1) return undefined;
    if (!bias?.constant || !isPerChannel(bias, product.shape)) return undefined;
    const merged = constant(bias.constant, [product.shape[1]!], bias.type);
    return emit(
      product.node.operator,
      [...product.node.inputs, merged],
      product.shape,
      product.type,
      product.node.attributes,
    );
  });
}

/** Whether the value has all its elements along axis 1 of `shape`, numpy's broadcasting taken into account. */
function isPerChannel({ shape: own }: Value, shape: readonly number[]): boolean {
  const padded = [...new Array<number>(shape.length - own.length).fill(1), ...own];
  return padded.every((dimension, axis) => dimension === (axis === 1 ? shape[1] : 1));
}
