import { collectGraph, type Graph } from './graph/graph.ts';
import type { Node, Value } from './graph/types.ts';
import { type NamedSpecs, type NamedTensors, type TraceOptions, trace } from './trace.ts';
import { TraceError } from './tracing-backend.ts';

/** Two sizes that no other axis is likely to have, so that nothing is mistaken for N. */
const [FIRST, SECOND] = [29, 31];

/**
 * Traces a function whose graph takes any batch size.
 *
 * The function is traced with two sizes N. The two graphs may differ only in the shapes of Reshapes, in one element each,
 * which becomes 0 (copied from the input) or -1 (inferred). Inputs and outputs declare N as a free dimension.
 *
 * @param fn as for `trace`.
 * @param inputs specs for a given N.
 * @param options `axis` names the free dimension, 'N' if absent.
 * @throws TraceError naming the ONNX operator that depends on N in another way; TraceError as `trace` throws it.
 * @example
 * const graph = traceDynamic(({ z }) => ({ y: tf.tanh(z) }), (N) => ({ z: { shape: [N, 64] } }));
 */
export function traceDynamic(
  fn: (inputs: NamedTensors) => NamedTensors,
  inputs: (N: number) => NamedSpecs,
  { axis = 'N', ...options }: TraceOptions & { readonly axis?: string } = {},
): Graph {
  const first = trace(fn, inputs(FIRST), options);
  const second = trace(fn, inputs(SECOND), options);
  const freed = freeBatch(first, second);
  const shapes = new Map<Value, readonly (number | string)[]>();
  const declare = (value: Value, other: Value) =>
    shapes.set(
      value,
      value.shape.map((dimension, i) => freeDimension(dimension, other.shape[i]!, axis)),
    );
  for (const [i, value] of freed.inputs.entries()) declare(value, second.inputs[i]!);
  for (const [name, value] of freed.outputs) declare(value, second.outputs.get(name)!);
  return { ...freed, freeShapes: shapes };
}

function freeDimension(first: number, second: number, axis: string): number | string {
  if (first === second) return first;
  const factor = first / FIRST;
  if (second !== factor * SECOND)
    throw new TraceError(
      `an axis of ${first} elements for N = ${FIRST} and of ${second} for N = ${SECOND} cannot be declared`,
    );
  return factor === 1 ? axis : `${axis}*${factor}`;
}

/** The first graph, with each element of a Reshape's shape that differs in the second one freed. */
function freeBatch(first: Graph, second: Graph): Graph {
  if (first.nodes.length !== second.nodes.length)
    throw new TraceError(
      `the number of ONNX operators depends on the batch size: ${first.nodes.length} for N = ${FIRST}, ${second.nodes.length} for N = ${SECOND}`,
    );
  const renewed = new Map<Value, Value>();
  const partners = new Map<Value, Value>(first.inputs.map((input, i) => [input, second.inputs[i]!]));
  for (const [position, node] of first.nodes.entries()) {
    const other = second.nodes[position]!;
    if (node.operator !== other.operator) throw dependence(node, 'it is', `'${node.operator}'`, `'${other.operator}'`);
    const [attributes, others] = [JSON.stringify(node.attributes), JSON.stringify(other.attributes)];
    if (attributes !== others) throw dependence(node, 'it has the attributes', attributes, others);
    const inputs = node.inputs.map((input, i) => {
      const partner = other.inputs[i];
      if (!input || !partner) return input;
      if (input.constant && partner.constant) return freeConstant(node, i, input, other);
      if (partners.get(input) !== partner) throw dependence(node, `its input ${i} is`, 'one value', 'another');
      return renewed.get(input) ?? input;
    });
    const outputs: Value[] = [];
    const copy: Node = { ...node, inputs, outputs };
    for (const [i, output] of node.outputs.entries()) {
      partners.set(output, other.outputs[i]!);
      outputs.push({ ...output, node: copy });
      renewed.set(output, outputs[i]!);
    }
  }
  const outputs = [...first.outputs].map(([name, value]): [string, Value] => {
    const other = second.outputs.get(name);
    const same = value.constant ? String(value.constant) === String(other?.constant) : partners.get(value) === other;
    if (!same) throw new TraceError(`output '${name}' is a different value for N = ${SECOND} than for N = ${FIRST}`);
    return [name, renewed.get(value) ?? value];
  });
  return collectGraph(first.inputs, new Map(outputs));
}

/** Input `i` of `node`, a constant that is the same for every N, or the freed shape of a Reshape. */
function freeConstant(node: Node, i: number, value: Value, other: Node): Value {
  const [ours, theirs] = [value.constant!, other.inputs[i]!.constant!];
  const differing: number[] = [];
  for (const [at, element] of ours.entries()) if (!Object.is(element, theirs[at])) differing.push(at);
  if (differing.length === 0 && ours.length === theirs.length) return value;
  const mayFollow = node.operator === 'Reshape' && i === 1 && !node.attributes.allowzero;
  if (!mayFollow || differing.length !== 1 || ours.length !== theirs.length) {
    const shown = (data: typeof ours) => (data.length > 8 ? `of ${data.length} values` : `[${data}]`);
    throw dependence(node, `its input ${i} is`, shown(ours), shown(theirs));
  }
  const [axis] = differing as [number];
  const kept =
    Number(ours[axis]) === node.inputs[0]!.shape[axis] && Number(theirs[axis]) === other.inputs[0]!.shape[axis];
  return { ...value, constant: (ours as BigInt64Array).with(axis, kept ? 0n : -1n) };
}

const dependence = (node: Node, what: string, first: string, second: string): TraceError =>
  new TraceError(
    `ONNX operator '${node.operator}' depends on the batch size: ${what} ${first} for N = ${FIRST} and ${second} for N = ${SECOND}; only the shape of a Reshape can follow N`,
  );
