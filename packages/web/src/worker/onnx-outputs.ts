/**
 * @module Adds outputs to an ONNX model without decoding it.
 *
 * Protocol buffers merge: if a message field occurs twice, parsers merge the two messages and concatenate their repeated
 * fields (protobuf.dev, "Encoding", "Last One Wins"). So appending a second `graph` that holds only outputs adds those
 * outputs to the first one. Field numbers are those of onnx.proto3.
 */

const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_OUTPUT = 12;
const VALUE_NAME = 1;
const NODE_OUTPUT = 2;
const NODE_OPERATOR = 4;
const LENGTH_DELIMITED = 2;

interface Field {
  number: number;
  /** Content of a length-delimited field; empty for numbers. */
  content: Uint8Array;
}

function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    let length = 0;
    if (tag % 8 === LENGTH_DELIMITED) length = varint();
    else if (tag % 8 === 0) varint();
    else length = tag % 8 === 1 ? 8 : 4;
    yield { number, content: tag % 8 === LENGTH_DELIMITED ? message.subarray(at, at + length) : new Uint8Array(0) };
    at += length;
  }
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

interface NodeSummary {
  operator: string;
  /** Name of its first output. */
  output: string;
}

/** The nodes of an ONNX model, in their order. */
export function nodesOf(model: Uint8Array): NodeSummary[] {
  const nodes: NodeSummary[] = [];
  for (const { number, content: graph } of fieldsOf(model)) {
    if (number !== MODEL_GRAPH) continue;
    for (const { number: part, content: node } of fieldsOf(graph)) {
      if (part !== GRAPH_NODE) continue;
      const summary: NodeSummary = { operator: '', output: '' };
      for (const field of fieldsOf(node)) {
        if (field.number === NODE_OPERATOR) summary.operator = text(field.content);
        if (field.number === NODE_OUTPUT && summary.output === '') summary.output = text(field.content);
      }
      nodes.push(summary);
    }
  }
  return nodes;
}

function encodeField(number: number, content: Uint8Array): Uint8Array {
  const length: number[] = [];
  let rest = content.length;
  for (; rest > 127; rest = Math.floor(rest / 128)) length.push((rest % 128) | 128);
  length.push(rest);
  return Uint8Array.of(number * 8 + LENGTH_DELIMITED, ...length, ...content);
}

/** The model with the values of these names as additional outputs; ONNX Runtime infers their types and shapes. */
export function withOutputs(model: Uint8Array, names: readonly string[]): Uint8Array<ArrayBuffer> {
  const outputs = names.map((name) => {
    const value = encodeField(VALUE_NAME, new TextEncoder().encode(name));
    return encodeField(GRAPH_OUTPUT, value);
  });
  const graph = encodeField(MODEL_GRAPH, Uint8Array.from(outputs.flatMap((output) => [...output])));
  const extended = new Uint8Array(model.length + graph.length);
  extended.set(model);
  extended.set(graph, model.length);
  return extended;
}
