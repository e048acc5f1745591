/** @module A graph traced with one N made good for every N. */
import type { Graph } from '@latent-dogs/tfjs-onnx';
import { constant, emit, rewrite } from './rewrite.ts';

/**
 * Makes the first axis of every Reshape "as the input has it" (0, ONNX Reshape), the only place where a feed-forward
 * network's N is written down.
 *
 * @param N what it was traced with
 * @throws Error where another node holds N in a constant shape
 */
export function freeBatch(graph: Graph, N: number): Graph {
  return rewrite(graph, (node) => {
    if (node.operator === 'Expand' || node.operator === 'Tile')
      throw new Error(`${node.operator} fixes the batch to ${N}`);
    if (node.operator !== 'Reshape') return undefined;
    const [x, shape] = node.inputs;
    const [output] = node.outputs;
    if (x!.shape[0] !== N || output!.shape[0] !== N)
      throw new Error(`a Reshape to [${output!.shape}] mixes the batch with other axes`);
    const free = (shape!.constant as BigInt64Array).with(0, 0n);
    return emit('Reshape', [x!, constant(free, shape!.shape, 'int64')], output!.shape, output!.type);
  });
}
