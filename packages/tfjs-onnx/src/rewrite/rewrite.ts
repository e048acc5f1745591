/** @module Changing a traced graph: replace nodes, keep the rest. */
import { collectGraph, type Graph } from '../graph/graph.ts';
import { GraphBuilder } from '../graph/graph-builder.ts';
import type { Node, Value } from '../graph/types.ts';

/**
 * Rebuilds the graph in order. Equal constants become one.
 *
 * @param replace sees each node with its inputs already rewritten, the builder for new nodes, and the node as it was. It
 * returns the value that takes the place of the node's single output, or undefined to keep the node.
 */
export function rewrite(
  graph: Graph,
  replace: (node: Node, builder: GraphBuilder, original: Node) => Value | undefined,
): Graph {
  const builder = new GraphBuilder();
  const renewed = new Map<Value, Value>();
  for (const value of graph.constants)
    renewed.set(value, builder.constant(value.constant!, value.shape, value.type, value.name));
  const current = (value: Value) => renewed.get(value) ?? value;
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => input && current(input));
    builder.scope = node.scope;
    const moved = builder.emitMany(node.operator, inputs, node.outputs, node.attributes);
    const values = moved.length === 1 ? [replace(moved[0]!.node!, builder, node) ?? moved[0]!] : moved;
    for (const [i, output] of node.outputs.entries()) renewed.set(output, values[i]!);
  }
  const changed = collectGraph(
    graph.inputs,
    new Map([...graph.outputs].map(([name, value]) => [name, current(value)])),
  );
  if (!graph.freeShapes) return changed;
  return { ...changed, freeShapes: new Map([...graph.freeShapes].map(([value, shape]) => [current(value), shape])) };
}

/** How often each value is read; being an output of the graph counts as one read. */
export function countReaders({ nodes, outputs }: Graph): Map<Value, number> {
  const readers = new Map<Value, number>();
  for (const value of [...nodes.flatMap((node) => node.inputs), ...outputs.values()]) {
    if (value) readers.set(value, (readers.get(value) ?? 0) + 1);
  }
  return readers;
}
