import type { Node, Value } from './types.ts';

/** A traced function: what goes in, what comes out, and the nodes between, in an order that can be executed. */
export interface Graph {
  readonly inputs: readonly Value[];
  readonly outputs: ReadonlyMap<string, Value>;
  readonly nodes: readonly Node[];
  readonly constants: readonly Value[];
  /** Shapes of inputs and outputs that differ from run to run; a string names a free dimension. */
  readonly freeShapes?: ReadonlyMap<Value, readonly (number | string)[]>;
}

/** Collects what the outputs need and nothing else, in topological order. Inputs are kept even where unused. */
export function collectGraph(inputs: Iterable<Value>, outputs: ReadonlyMap<string, Value>): Graph {
  const nodes: Node[] = [];
  const constants: Value[] = [];
  const seen = new Set<Node | Value>();
  // Iterative depth-first walk: a training step is deeper than the call stack is safe for.
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
