/** @module Changing a traced graph: replace nodes, keep the rest. */
import { collectGraph, type Graph } from '@latent-dogs/tfjs-onnx';

export type Node = Graph['nodes'][number];
export type Value = Graph['inputs'][number];
type ConstantData = NonNullable<Value['constant']>;

/** A constant that no builder made. Constants and nodes are told apart by identity, so they need no number. */
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
 * Rebuilds the graph in order. `replace` sees each node with its inputs already rewritten, and as it was, and gives the
 * value that takes the place of its single output, or undefined to keep the node.
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

/** How often each value is read, as an output too. */
export function countReaders({ nodes, outputs }: Graph): Map<Value, number> {
  const readers = new Map<Value, number>();
  for (const value of [...nodes.flatMap((node) => node.inputs), ...outputs.values()]) {
    if (value) readers.set(value, (readers.get(value) ?? 0) + 1);
  }
  return readers;
}
