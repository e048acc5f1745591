/** @module A thin layer over onnx-proto that writes small ONNX models for tests. */
import protobuf from 'onnx-proto';

const { onnx } = protobuf;
const { AttributeType } = onnx.AttributeProto;
const FLOAT = 1;
const UINT8 = 2;
const INT64 = 7;

type Attributes = Record<string, number | number[]>;

function tensor(
  name: string,
  dataType: number,
  dims: readonly number[],
  data: Float32Array | BigInt64Array | Uint8Array,
) {
  return { name, dataType, dims: [...dims], rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/** Collects nodes and weights, then encodes them as ONNX opset 17. */
export class OnnxGraph {
  readonly #nodes: object[] = [];
  readonly #initializers: object[] = [];
  #names = 0;

  /** Adds a node with one output and returns that output's name. */
  node(opType: string, input: readonly string[], attributes: Attributes = {}, output = `${opType}_${this.#names++}`) {
    const attribute = Object.entries(attributes).map(([name, value]) =>
      Array.isArray(value)
        ? { name, type: AttributeType.INTS, ints: value }
        : { name, type: AttributeType.INT, i: value },
    );
    this.#nodes.push({ name: `node_${output}`, opType, input: [...input], output: [output], attribute });
    return output;
  }

  floats(dims: readonly number[], values: Float32Array | readonly number[]): string {
    const name = `weight_${this.#names++}`;
    this.#initializers.push(tensor(name, FLOAT, dims, Float32Array.from(values)));
    return name;
  }

  integers(values: readonly number[]): string {
    const name = `weight_${this.#names++}`;
    this.#initializers.push(tensor(name, INT64, [values.length], BigInt64Array.from(values.map(BigInt))));
    return name;
  }

  bytes(dims: readonly number[], values: Uint8Array): string {
    const name = `weight_${this.#names++}`;
    this.#initializers.push(tensor(name, UINT8, dims, values));
    return name;
  }

  /** ONNX bytes with input `z` [N, latentSize], outputs `image` and `pixels` of `size`. */
  encode(latentSize: number, size: number): Uint8Array<ArrayBuffer> {
    const border = (name: string, elemType: number, dims: readonly number[]) => ({
      name,
      type: {
        tensorType: { elemType, shape: { dim: [{ dimParam: 'N' }, ...dims.map((dimValue) => ({ dimValue }))] } },
      },
    });
    const model = {
      irVersion: 8,
      opsetImport: [{ domain: '', version: 17 }],
      graph: {
        name: 'generator',
        node: this.#nodes,
        initializer: this.#initializers,
        input: [border('z', FLOAT, [latentSize])],
        output: [border('image', FLOAT, [3, size, size]), border('pixels', UINT8, [size, size, 4])],
      },
    };
    const encoded = onnx.ModelProto.encode(model as unknown as Parameters<typeof onnx.ModelProto.encode>[0]).finish();
    return new Uint8Array(encoded);
  }
}

/** Adds the nodes from `image` [N, 3, size, size] in [-1, 1] to `pixels` [N, size, size, 4], as `chwToRgba` rounds. */
export function addPixels(graph: OnnxGraph, image: string): void {
  const scaled = graph.node('Mul', [graph.node('Add', [image, graph.floats([], [1])]), graph.floats([], [127.5])]);
  const rounded = graph.node('Floor', [
    graph.node('Clip', [
      graph.node('Add', [scaled, graph.floats([], [0.5])]),
      graph.floats([], [0]),
      graph.floats([], [255]),
    ]),
  ]);
  const colours = graph.node('Cast', [graph.node('Transpose', [rounded], { perm: [0, 2, 3, 1] })], { to: UINT8 });
  graph.node(
    'Pad',
    [colours, graph.integers([0, 0, 0, 0, 0, 0, 0, 1]), graph.bytes([], Uint8Array.of(255))],
    {},
    'pixels',
  );
}
