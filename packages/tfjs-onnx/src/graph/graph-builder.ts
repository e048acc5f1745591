import {
  type Attribute,
  type ConstantData,
  type ElementType,
  type Node,
  sameShape,
  sizeOf,
  type TensorType,
  type Value,
} from './types.ts';

/**
 * Builds an ONNX graph node by node. Equal nodes and equal constants are created once (hash consing), so a function
 * traced twice on the same inputs, such as the generator for both players of a GAN, costs one evaluation. Operands may be
 * values of another graph, too.
 */
export class GraphBuilder {
  readonly inputs = new Map<string, Value>();
  /** What new nodes are part of, such as a layer of the model. */
  scope: string | undefined;
  /** Numbers of operands, by which equal nodes are found. */
  #numbers = new Map<Value, number>();
  #nodes = new Map<string, Node>();
  /** By type, shape and hash; the constants of one list differ in their values. */
  #constants = new Map<string, { words: Int32Array; value: Value }[]>();

  /** Declares an input of a physical shape. @throws Error if the name is taken. */
  input(name: string, shape: readonly number[], type: ElementType): Value {
    if (this.inputs.has(name)) throw new Error(`input '${name}' is declared twice`);
    const value: Value = { shape, type, input: name };
    this.inputs.set(name, value);
    return value;
  }

  /** A constant of a physical shape; `data` is not copied. @throws Error if the number of values does not fit the shape. */
  constant(data: ConstantData, shape: readonly number[], type: ElementType, name?: string): Value {
    if (data.length !== sizeOf(shape))
      throw new Error(`constant of ${data.length} values cannot have shape [${shape}]`);
    const words = wordsOf(data);
    const key = `${type}[${shape}]${hashOf(words)}`;
    const alike = this.#constants.get(key) ?? [];
    const known = alike.find((constant) => sameWords(constant.words, words));
    if (known) return known.value;
    const value: Value = { shape, type, constant: data, ...(name ? { name } : {}) };
    this.#constants.set(key, [...alike, { words, value }]);
    return value;
  }

  /** A constant of shape []. */
  scalar(value: number, type: 'float32' | 'int32' | 'bool' = 'float32'): Value {
    const data =
      type === 'float32' ? Float32Array.of(value) : type === 'int32' ? Int32Array.of(value) : Uint8Array.of(value);
    return this.constant(data, [], type);
  }

  /** A one-dimensional int64 constant, the type of ONNX's shapes, axes and pads. */
  integers(values: readonly number[]): Value {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length], 'int64');
  }

  /** Adds a node with one output, or finds the equal node. @param shape of the output. */
  emit(
    operator: string,
    inputs: readonly (Value | null)[],
    shape: readonly number[],
    type: ElementType,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value {
    return this.emitMany(operator, inputs, [{ shape, type }], attributes)[0]!;
  }

  /** Adds a node with several outputs, or finds the equal node. */
  emitMany(
    operator: string,
    inputs: readonly (Value | null)[],
    outputs: readonly TensorType[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): readonly Value[] {
    const key = `${operator}(${inputs.map((input) => input && this.#numberOf(input))})${JSON.stringify(attributes)}->${outputs.length}`;
    const known = this.#nodes.get(key);
    if (known) return known.outputs;
    const values: Value[] = [];
    const node: Node = { operator, inputs, attributes, outputs: values, ...(this.scope ? { scope: this.scope } : {}) };
    for (const { shape, type } of outputs) values.push({ shape, type, node });
    this.#nodes.set(key, node);
    return values;
  }

  #numberOf(value: Value): number {
    let number = this.#numbers.get(value);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(value, number);
    }
    return number;
  }

  /** The value in another shape of as many elements, without a node if the shape is the same or the value constant. */
  reshape(value: Value, shape: readonly number[]): Value {
    if (sameShape(value.shape, shape)) return value;
    if (value.constant) return this.constant(value.constant, shape, value.type, value.name);
    // Reshape of a Reshape depends on the last shape only.
    const source = value.node?.operator === 'Reshape' ? value.node.inputs[0]! : value;
    if (sameShape(source.shape, shape)) return source;
    // A size of 0 would otherwise mean "as in the input".
    const attributes = shape.includes(0) ? { allowzero: 1 } : undefined;
    return this.emit('Reshape', [source, this.integers(shape)], shape, value.type, attributes);
  }

  /**
   * The value with its axes in another order: input axis `permutation[i]` becomes output axis `i`. Where only axes of size
   * 1 move it is a Reshape, which costs nothing.
   */
  transpose(value: Value, permutation: readonly number[]): Value {
    if (permutation.every((axis, i) => axis === i)) return value;
    const shape = permutation.map((axis) => value.shape[axis]!);
    const moved = permutation.filter((axis) => value.shape[axis] !== 1);
    if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]!)) return this.reshape(value, shape);
    if (value.node?.operator === 'Transpose') {
      const first = value.node.attributes.perm as readonly number[];
      return this.transpose(
        value.node.inputs[0]!,
        permutation.map((axis) => first[axis]!),
      );
    }
    if (value.constant)
      return this.constant(permute(value.constant, value.shape, permutation), shape, value.type, value.name);
    return this.emit('Transpose', [value], shape, value.type, { perm: permutation });
  }
}

/** The bytes of `data` as 32-bit words, with zeros at the end if they do not fill the last word. */
function wordsOf({ buffer, byteOffset, byteLength }: ConstantData): Int32Array {
  if (byteOffset % 4 === 0 && byteLength % 4 === 0) return new Int32Array(buffer, byteOffset, byteLength / 4);
  const padded = new Uint8Array(4 * Math.ceil(byteLength / 4));
  padded.set(new Uint8Array(buffer, byteOffset, byteLength));
  return new Int32Array(padded.buffer);
}

/** FNV-1a over words instead of bytes. Different words may have the same hash, so equal hashes are no proof. */
function hashOf(words: Int32Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words[i]!, 0x01000193);
  return hash;
}

function sameWords(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Copies row-major `data` of `shape` with its axes in the order of `permutation`. */
export function permute<T extends ConstantData>(data: T, shape: readonly number[], permutation: readonly number[]): T {
  const rank = shape.length;
  const strides = new Array<number>(rank).fill(1);
  for (let i = rank - 2; i >= 0; i--) strides[i] = strides[i + 1]! * shape[i + 1]!;
  const sizes = permutation.map((axis) => shape[axis]!);
  const steps = permutation.map((axis) => strides[axis]!);
  const out = data.slice() as T;
  const index = new Array<number>(rank).fill(0);
  let source = 0;
  for (let target = 0; target < out.length; target++) {
    out[target] = data[source]!;
    for (let axis = rank - 1; axis >= 0; axis--) {
      source += steps[axis]!;
      if (++index[axis]! < sizes[axis]!) break;
      source -= steps[axis]! * sizes[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}
