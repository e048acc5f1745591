import type { Node, Value } from './types.ts';

/** A traced function: its inputs and outputs, and the nodes between them in an order in which they can run. */
export interface Graph {
  readonly inputs: readonly Value[];
  readonly outputs: ReadonlyMap<string, Value>;
  readonly nodes: readonly Node[];
  readonly constants: readonly Value[];
  /** Shapes of values that differ from run to run; a string names a free dimension. */
  readonly freeShapes?: ReadonlyMap<Value, readonly (number | string)[]>;
}

/** The graph of the nodes and constants that the outputs need, in topological order. It keeps all inputs, also unused ones. */
export function collectGraph(inputs: Iterable<Value>, outputs: ReadonlyMap<string, Value>): Graph {
  const nodes: Node[] = [];
  const constants: Value[] = [];
  const seen = new Set<Node | Value>();
  // Depth first, without recursion: a training step is deeper than the call stack allows.
  const stack: { value: Value; next: number }[] = [];
  for (const output of outputs.values()) {
    stack.push({ value: output, next: 0 });
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const { value } = top;
      const { node } = value;
      if (!node) {
        if (value.constant && !seen.has(value)) constants.push(value);
        seen.add(value);
        stack.pop();
      } else if (seen.has(node)) {
        stack.pop();
      } else if (top.next < node.inputs.length) {
        const input = node.inputs[top.next++];
        if (input) stack.push({ value: input, next: 0 });
      } else {
        seen.add(node);
        nodes.push(node);
        stack.pop();
      }
    }
  }
  return { inputs: [...inputs], outputs, nodes, constants };
}

/** The inputs that some node or output reads. */
export function usedInputs({ inputs, outputs, nodes }: Graph): Value[] {
  const used = new Set<Value | null>([...outputs.values(), ...nodes.flatMap((node) => node.inputs)]);
  return inputs.filter((input) => used.has(input));
}
