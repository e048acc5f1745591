import type { GraphBuilder } from '../graph/graph-builder.ts';
import { type Attribute, ELEMENT_TYPES, sizeOf, type Value } from '../graph/types.ts';
import type { LoweringContext } from './lowering.ts';

type Operator = 'Conv' | 'ConvTranspose' | 'Gemm' | 'MatMul';
type Attributes = Readonly<Record<string, Attribute>>;

/**
 * The most terms that a float16 product adds up. WebGPU's shaders add in float16: with 4096 terms a DCGAN's gradients are
 * 1 % off in norm; with the 131,072 of the first filter's gradient, N·H·W of a batch of 128, they are 25 % off.
 */
const LONGEST_SUM = 4096;

/** Writes a product of two float32 tensors, or of whole numbers, in the precision of the context. */
export function product(
  { graph, precision }: LoweringContext,
  operator: Operator,
  operands: readonly [Value, Value],
  shape: readonly number[],
  attributes: Attributes = {},
): Value {
  const [{ type }] = operands;
  if (precision === 'fp32' || type !== 'float32' || !gains(operator, operands, shape, attributes))
    return graph.emit(operator, operands, shape, type, attributes);
  const halves = operands.map((operand) => half(graph, operand));
  return cast(graph, graph.emit(operator, halves, shape, 'float16', attributes), 'float32');
}

/** Whether a product is exact enough in float16, and faster: one with a vector, as in spectral norm, waits for memory. */
function gains(
  operator: Operator,
  [left, right]: readonly [Value, Value],
  shape: readonly number[],
  attributes: Attributes,
): boolean {
  if (operator === 'Conv') return sizeOf(right.shape.slice(1)) <= LONGEST_SUM;
  if (operator === 'ConvTranspose') {
    const strides = attributes['strides'] as readonly number[];
    const taps = right.shape.slice(2).map((size, axis) => Math.ceil(size / strides[axis]!));
    return right.shape[0]! * sizeOf(taps) <= LONGEST_SUM;
  }
  const sum = operator === 'Gemm' ? sizeOf(left.shape) / shape[0]! : left.shape.at(-1)!;
  return sum <= LONGEST_SUM && Math.min(sum, ...shape.slice(-2)) > 1;
}

/**
 * The float16 copy of a float32 value. It is cast before its axes are moved, so an activation that several products read
 * in different orders is cast once. The result of another float16 product is taken before its cast to float32.
 */
function half(graph: GraphBuilder, value: Value): Value {
  const { node } = value;
  const source = node?.inputs[0];
  if (node && source) {
    if (node.operator === 'Cast' && source.type === 'float16') return source;
    if (node.operator === 'Reshape') return graph.reshape(half(graph, source), value.shape);
    if (node.operator === 'Transpose')
      return graph.transpose(half(graph, source), node.attributes['perm'] as readonly number[]);
  }
  return cast(graph, value, 'float16');
}

const cast = (graph: GraphBuilder, value: Value, type: 'float16' | 'float32'): Value =>
  graph.emit('Cast', [value], value.shape, type, { to: ELEMENT_TYPES[type] });
