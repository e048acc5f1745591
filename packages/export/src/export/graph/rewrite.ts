/** @module Replaces nodes of a traced graph and keeps the rest. */
import { collectGraph, type Graph } from '@latent-dogs/tfjs-onnx';

export type Node = Graph['nodes'][number];
export type Value = Graph['inputs'][number];
type ConstantData = NonNullable<Value['constant']>;

/** A constant created outside GraphBuilder. Values are compared by identity, so the id is never read. */
export const constant = (data: ConstantData, shape: readonly number[], type: Value['type']): Value => ({
  id: -1,
  shape,
  type,
  constant: data,
});

export const integers = (...values: number[]): Value =>
  constant(BigInt64Array.from(values, BigInt), [values.length], 'int64');

export const scalar = (value: number): Value => constant(Float32Array.of(value), [], 'float32');

/** A node with one output. */
export function emit(
  operator: string,
  inputs: readonly (Value | null)[],
  shape: readonly number[],
  type: Value['type'],
  attributes: Node['attributes'] = {},
): Value {
  return emitMany(operator, inputs, [{ shape, type }], attributes)[0]!;
}

/** A node with several outputs. */
export function emitMany(
  operator: string,
  inputs: readonly (Value | null)[],
  outputs: readonly Pick<Value, 'shape' | 'type'>[],
  attributes: Node['attributes'] = {},
): Value[] {
  const values: Value[] = [];
  const node: Node = { operator, inputs, attributes, outputs: values };
  for (const { shape, type } of outputs) values.push({ id: -1, shape, type, node });
  return values;
}

/**
 * Rebuilds the graph in order. `replace` gets each node with its inputs already rewritten, and the original node. It
 * returns the value that replaces the node's single output, or undefined to keep the node.
 */
export function rewrite(graph: Graph, replace: (node: Node, original: Node) => Value | undefined): Graph {
  const renewed = new Map<Value, Value>();
  const current = (value: Value) => renewed.get(value) ?? value;
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => input && current(input));
    const moved = emitMany(node.operator, inputs, node.outputs, node.attributes);
    const values = node.outputs.length === 1 ? [replace(moved[0]!.node!, node) ?? moved[0]!] : moved;
    for (const [i, output] of node.outputs.entries()) renewed.set(output, values[i]!);
  }
  return collectGraph(graph.inputs, new Map([...graph.outputs].map(([name, value]) => [name, current(value)])));
}

/** How often each value is read; being an output of the graph counts as one read. */
export function countReaders({ nodes, outputs }: Graph): Map<Value, number> {
  const readers = new Map<Value, number>();
  for (const value of [...nodes.flatMap((node) => node.inputs), ...outputs.values()]) {
    if (value) readers.set(value, (readers.get(value) ?? 0) + 1);
  }
  return readers;
}
