/** Element types that the tracer uses, with their `TensorProto.DataType` numbers (onnx.proto3). */
export const ELEMENT_TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;

export type ElementType = keyof typeof ELEMENT_TYPES;

/** Raw values of a constant. `bool` is stored as bytes, `float16` as its bit patterns. */
export type ConstantData = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array | Uint16Array;

/** An attribute of a node: INT, STRING, INTS or FLOAT. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

/** Physical shape and element type. */
export interface TensorType {
  readonly shape: readonly number[];
  readonly type: ElementType;
}

/** A tensor in the graph: an input, a constant, or one output of a node. Shapes are physical. */
export interface Value extends TensorType {
  readonly input?: string;
  readonly constant?: ConstantData;
  readonly node?: Node;
  /** Name of a constant in the file, such as that of a weight. */
  readonly name?: string;
}

/** An ONNX operator with its operands; null is an optional operand that is left out. */
export interface Node {
  readonly operator: string;
  readonly inputs: readonly (Value | null)[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly outputs: readonly Value[];
  /** What the node is part of, such as a layer of the model. */
  readonly scope?: string;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dimension) => size * dimension, 1);

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((dimension, i) => dimension === b[i]);
