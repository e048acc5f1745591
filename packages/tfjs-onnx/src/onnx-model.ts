import protobuf from 'onnx-proto';
import type { Graph } from './graph/graph.ts';
import { type Attribute, type ConstantData, ELEMENT_TYPES, type Value } from './graph/types.ts';

export interface OnnxOptions {
  /** Name of the graph, 'graph' if absent. */
  readonly name?: string;
  /** Name of the program that wrote the file, 'tfjs-onnx' if absent. */
  readonly producer?: string;
  /** What the graph computes, for people: `doc_string` of the model. */
  readonly description?: string;
  /** Whether to write the shapes of all values, which viewers show. Inputs and outputs always have theirs. */
  readonly valueShapes?: boolean;
  /** `metadata_props` of the model. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Opset of the `ai.onnx` domain that the lowerings are written for, and the matching IR version. */
export const OPSET = 17;
const IR_VERSION = 8;

const { onnx } = protobuf;
const { AttributeType } = onnx.AttributeProto;

/**
 * Writes a graph as an ONNX file (onnx.proto3, IR version 8, opset 17). The same graph gives the same bytes.
 *
 * @example
 * writeFileSync('net.onnx', encodeOnnx(trace(({ x }) => ({ y: tf.tanh(x) }), { x: { shape: [4] } })));
 */
export function encodeOnnx(graph: Graph, options: OnnxOptions = {}): Uint8Array {
  const names = nameValues(graph);
  const name = (value: Value | null) => (value ? names.get(value)! : '');
  const nodes = graph.nodes.map((node, i) => ({
    name: node.scope ? `${node.scope}/${node.operator}_${i}` : `${node.operator}_${i}`,
    opType: node.operator,
    input: trimOptional(node.inputs.map(name)),
    output: node.outputs.map(name),
    attribute: Object.entries(node.attributes).map(([key, attribute]) => encodeAttribute(key, attribute)),
  }));
  // ONNX wants each output to be the result of a node: an input, a constant or another output gets an Identity.
  for (const [output, value] of graph.outputs) {
    if (names.get(value) !== output) {
      nodes.push({
        name: `Identity_${output}`,
        opType: 'Identity',
        input: [name(value)],
        output: [output],
        attribute: [],
      });
    }
  }
  const border = (label: string, value: Value) => ({
    name: label,
    type: {
      tensorType: {
        elemType: ELEMENT_TYPES[value.type],
        shape: {
          dim: (graph.freeShapes?.get(value) ?? value.shape).map((dimension) => {
            if (typeof dimension === 'number') return { dimValue: dimension };
            return dimension.startsWith('_') ? {} : { dimParam: dimension };
          }),
        },
      },
    },
  });
  const model = {
    irVersion: IR_VERSION,
    producerName: options.producer ?? 'tfjs-onnx',
    opsetImport: [{ domain: '', version: OPSET }],
    ...(options.description ? { docString: options.description } : {}),
    metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
    graph: {
      name: options.name ?? 'graph',
      node: nodes,
      initializer: graph.constants.map((value) => ({
        name: name(value),
        dims: [...value.shape],
        dataType: ELEMENT_TYPES[value.type],
        rawData: rawBytes(value.constant!),
      })),
      input: graph.inputs.map((value) => border(value.input!, value)),
      output: [...graph.outputs].map(([label, value]) => border(label, value)),
      ...(options.valueShapes ? { valueInfo: valueShapes(graph, names, border) } : {}),
    },
  };
  return onnx.ModelProto.encode(model as unknown as Parameters<typeof onnx.ModelProto.encode>[0]).finish();
}

/** Shapes of what nodes give to other nodes. */
function valueShapes<T>(
  graph: Graph,
  names: ReadonlyMap<Value, string>,
  border: (label: string, value: Value) => T,
): T[] {
  return graph.nodes
    .flatMap(({ outputs }) => outputs)
    .filter((value) => names.has(value) && !graph.outputs.has(names.get(value)!))
    .map((value) => border(names.get(value)!, value));
}

function nameValues(graph: Graph): Map<Value, string> {
  const names = new Map<Value, string>();
  for (const value of graph.inputs) names.set(value, value.input!);
  for (const [output, value] of graph.outputs) if (!names.has(value) && value.node) names.set(value, output);
  const taken = new Set([...names.values(), ...graph.outputs.keys()]);
  const unique = (label: string) => {
    let candidate = label;
    for (let i = 1; taken.has(candidate); i++) candidate = `${label}_${i}`;
    taken.add(candidate);
    return candidate;
  };
  graph.constants.forEach((value, i) => {
    if (!names.has(value)) names.set(value, unique(value.name ?? `constant_${i}`));
  });
  graph.nodes.forEach((node, i) => {
    for (const value of node.outputs)
      if (!names.has(value))
        names.set(value, unique(`${node.scope ? `${node.scope}/` : ''}${node.operator.toLowerCase()}_${i}`));
  });
  return names;
}

/** Leaves absent optional inputs at the end out. */
function trimOptional(inputs: string[]): string[] {
  const last = inputs.findLastIndex((input) => input !== '');
  return inputs.slice(0, last + 1);
}

function encodeAttribute(name: string, attribute: Attribute): Record<string, unknown> {
  if (typeof attribute === 'number') return { name, type: AttributeType.INT, i: attribute };
  if (typeof attribute === 'string')
    return { name, type: AttributeType.STRING, s: new TextEncoder().encode(attribute) };
  if ('float' in attribute) return { name, type: AttributeType.FLOAT, f: attribute.float };
  return { name, type: AttributeType.INTS, ints: [...attribute] };
}

/** ONNX's raw_data, which is little-endian, as is every platform that runs JavaScript today. */
const rawBytes = (data: ConstantData): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
