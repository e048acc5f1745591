import { backend_util, broadcast_util } from '@tensorflow/tfjs-core';
import { alignForBroadcast, broadcastShape, materialise, type Traced } from '../graph/traced.ts';
import { type Attribute, ELEMENT_TYPES, type ElementType, sameShape } from '../graph/types.ts';
import type { Lowering, LoweringContext, LoweringTable } from './lowering.ts';

/** The one number a constant consists of, or undefined. */
function uniform(tensor: Traced): number | undefined {
  const { constant } = tensor.value;
  return constant?.length === 1 ? Number(constant[0]) : undefined;
}

/** The operand in a wider logical shape: operations with a neutral element (x * 1, x + 0) need no node. */
function broadcastTo(context: LoweringContext, tensor: Traced, shape: readonly number[]): Traced {
  const { values, order } = alignForBroadcast(context.graph, [tensor], shape);
  const value = values[0]!;
  if (value.shape.length === shape.length) return { shape, order, value };
  return { shape, order, value: context.graph.reshape(value, new Array<number>(shape.length).fill(1)) };
}

/** An ONNX operator with numpy's broadcasting on operands of any physical order. The result has the type of the first one. */
export function elementwise(
  context: LoweringContext,
  operator: string,
  operands: readonly Traced[],
  options: { type?: ElementType; attributes?: Readonly<Record<string, Attribute>> } = {},
): Traced {
  const shape = operands
    .map((operand) => operand.shape as number[])
    .reduce((a, b) => broadcast_util.assertAndGetBroadcastShape(a, b));
  const { values, order } = alignForBroadcast(context.graph, operands, shape);
  const type = options.type ?? values[0]!.type;
  const physical = broadcastShape(values.map((value) => value.shape));
  let value = context.graph.emit(operator, values, physical, type, options.attributes);
  if (physical.length < shape.length) value = context.graph.reshape(value, new Array<number>(shape.length).fill(1));
  return { shape, order, value };
}

const unary =
  (operator: string, attributes?: Record<string, Attribute>): Lowering =>
  ({ x }, _attrs, context) =>
    elementwise(context, operator, [x], attributes ? { attributes } : {});

const binary =
  (operator: string, neutral?: { right?: number; left?: number }): Lowering =>
  ({ a, b }: { a: Traced; b: Traced }, _attrs, context) => {
    const shape = broadcast_util.assertAndGetBroadcastShape(a.shape as number[], b.shape as number[]);
    if (neutral?.right !== undefined && uniform(b) === neutral.right) return broadcastTo(context, a, shape);
    if (neutral?.left !== undefined && uniform(a) === neutral.left) return broadcastTo(context, b, shape);
    return elementwise(context, operator, [a, b]);
  };

/** ONNX compares booleans for equality only. */
const comparison =
  (operator: string): Lowering =>
  ({ a, b }, _attrs, context) =>
    elementwise(context, operator, [asNumber(context, a), asNumber(context, b)], { type: 'bool' });

const asNumber = (context: LoweringContext, tensor: Traced): Traced =>
  tensor.value.type === 'bool' ? cast(context, tensor, 'int32') : tensor;

const logical =
  (operator: string): Lowering =>
  ({ a, b }, _attrs, context) =>
    elementwise(context, operator, [a, b], { type: 'bool' });

/** A scalar of the element type of `like`. */
const scalarLike = (context: LoweringContext, like: Traced, number: number): Traced => ({
  shape: [],
  order: [],
  value: context.graph.scalar(number, like.value.type === 'int32' ? 'int32' : 'float32'),
});

const composed =
  (
    compute: (
      x: Traced,
      op: (operator: string, ...operands: (Traced | number)[]) => Traced,
      attrs: Record<string, number>,
    ) => Traced,
    float = false,
  ): Lowering =>
  ({ x: given }: { x: Traced }, attrs, context) => {
    const x = float ? cast(context, given, 'float32') : given;
    return compute(
      x,
      (operator, ...operands) =>
        elementwise(
          context,
          operator,
          operands.map((operand) => (typeof operand === 'number' ? scalarLike(context, x, operand) : operand)),
        ),
      attrs,
    );
  };

const isInteger = (a: Traced) => a.value.type === 'int32';

/** A result that is 0 where an integer is divided by 0, as in TF.js: `divide` gets 1 in place of such a divisor. */
function zeroForZero(context: LoweringContext, b: Traced, divide: (b: Traced) => Traced): Traced {
  const { constant } = b.value;
  if (!isInteger(b) || (constant && !Array.prototype.some.call(constant, (divisor) => divisor === 0))) return divide(b);
  const isZero = elementwise(context, 'Equal', [b, scalarLike(context, b, 0)], { type: 'bool' });
  const choose = (zero: number, other: Traced) =>
    elementwise(context, 'Where', [isZero, scalarLike(context, b, zero), other], { type: 'int32' });
  return choose(0, divide(choose(1, b)));
}

/**
 * floor(a / b) as int32, in TF.js also for floats. Integers are divided as float64, which is exact; an integer division
 * by zero would end the process.
 */
const floorDivide: Lowering = ({ a, b }: { a: Traced; b: Traced }, _attrs, context) =>
  zeroForZero(context, b, (divisor) => {
    const type = isInteger(a) ? 'float64' : 'float32';
    const quotient = elementwise(context, 'Div', [cast(context, a, type), cast(context, divisor, type)]);
    const floor = elementwise(context, 'Floor', [quotient]);
    return type === 'float32' ? truncate(context, floor) : cast(context, floor, 'int32');
  });

/** TF.js's remainder has the sign of the divisor: a - floor(a / b) * b. */
const modulo: Lowering = ({ a, b }: { a: Traced; b: Traced }, _attrs, context) =>
  zeroForZero(context, b, (given) => {
    const type = isInteger(a) ? 'float64' : 'float32';
    const [dividend, divisor] = [cast(context, a, type), cast(context, given, type)];
    const quotient = elementwise(context, 'Floor', [elementwise(context, 'Div', [dividend, divisor])]);
    const remainder = elementwise(context, 'Sub', [dividend, elementwise(context, 'Mul', [quotient, divisor])]);
    return cast(context, remainder, a.value.type);
  });

/** Numbers without their fraction, as int32, and 0 for what int32 cannot hold, such as NaN: ONNX leaves those open. */
function truncate(context: LoweringContext, x: Traced): Traced {
  const magnitude = elementwise(context, 'Abs', [x]);
  const fits = elementwise(context, 'Less', [magnitude, scalarLike(context, x, 2 ** 31)], { type: 'bool' });
  const finite = elementwise(context, 'Where', [fits, x, scalarLike(context, x, 0)], { type: 'float32' });
  return cast(context, finite, 'int32');
}

/** The tensor in another element type. */
export function cast(context: LoweringContext, tensor: Traced, type: ElementType): Traced {
  if (tensor.value.type === type) return tensor;
  const attributes = { to: ELEMENT_TYPES[type] };
  return { ...tensor, value: context.graph.emit('Cast', [tensor.value], tensor.value.shape, type, attributes) };
}

/** A choice between two tensors, of the wider of their types. ONNX Runtime has no Where for booleans. */
const select: Lowering = ({ condition, ...choices }: { condition: Traced; t: Traced; e: Traced }, _attrs, context) => {
  const wider = (['float32', 'int32', 'bool'] as const).find((type) =>
    [choices.t, choices.e].some(({ value }) => value.type === type),
  )!;
  const [t, e] = [cast(context, choices.t, wider), cast(context, choices.e, wider)];
  if (wider !== 'bool') return elementwise(context, 'Where', [condition, t, e], { type: wider });
  const otherwise = elementwise(context, 'Not', [condition]);
  return elementwise(context, 'Or', [
    elementwise(context, 'And', [condition, t]),
    elementwise(context, 'And', [otherwise, e]),
  ]);
};

const LARGEST_FLOAT = (2 - 2 ** -23) * 2 ** 127;

/**
 * 1 where x > 0, else alpha: x * LARGEST_FLOAT, limited to alpha and 1. That is right for all x but denormal ones, which are below
 * 1.2e-38. ONNX Runtime has Max and Min on all cores, but Sign and Where on one. Its Clip and HardSigmoid take a pass less, but in
 * WebAssembly ten times as long as soon as they write over their input.
 */
const step: Lowering = ({ x }: { x: Traced }, { alpha = 0 }: { alpha?: number }, context) => {
  const real = cast(context, x, 'float32');
  const number = (value: number) => scalarLike(context, real, value);
  const large = elementwise(context, 'Mul', [real, number(LARGEST_FLOAT)]);
  const isSlope = alpha >= 0 && alpha <= 1;
  const least = elementwise(context, 'Max', [large, number(isSlope ? alpha : 0)]);
  const limited = elementwise(context, 'Min', [least, number(1)]);
  return cast(context, isSlope ? limited : slope(context, limited, alpha), x.value.type);
};

/** 1 where `positive` is 1, alpha where it is 0. */
function slope(context: LoweringContext, positive: Traced, alpha: number): Traced {
  const scaled = elementwise(context, 'Mul', [positive, scalarLike(context, positive, 1 - alpha)]);
  return elementwise(context, 'Add', [scaled, scalarLike(context, positive, alpha)]);
}

/** The next float32 above (or below) a number; zero's neighbours are the normal numbers next to it. */
function neighbour(number: number, direction: 1 | -1): number {
  if (number === 0) return direction * SMALLEST_NORMAL;
  const bits = new Int32Array(1);
  const view = new Float32Array(bits.buffer);
  view[0] = number;
  bits[0] = bits[0]! + (number > 0 ? direction : -direction);
  return view[0]!;
}

const SMALLEST_NORMAL = 2 ** -126;

/**
 * The result of comparing x with a number, as 1 and 0: HardSigmoid, min(max(alpha · x + beta, 0), 1), with a slope that takes
 * it from 0 to 1 between two neighbouring float32 numbers. ONNX Runtime computes it in one pass on all cores, a comparison
 * and its cast in two. Undefined for other booleans.
 */
function threshold(context: LoweringContext, x: Traced): Traced | undefined {
  const { node } = x.value;
  const [operand, bound] = node?.inputs ?? [];
  const limit = bound?.constant?.length === 1 ? Number(bound.constant[0]) : Number.NaN;
  if (!Number.isFinite(limit) || operand?.type !== 'float32' || !sameShape(operand.shape, x.value.shape))
    return undefined;
  const edges: Readonly<Record<string, readonly [number, number]>> = {
    Greater: [limit, neighbour(limit, 1)],
    GreaterOrEqual: [neighbour(limit, -1), limit],
    Less: [limit, neighbour(limit, -1)],
    LessOrEqual: [neighbour(limit, 1), limit],
  };
  const [zero, one] = edges[node!.operator] ?? [0, 0];
  const alpha = Math.fround(1 / (one - zero));
  if (!Number.isFinite(alpha) || !Number.isFinite(alpha * zero)) return undefined;
  // What Relu gives is never negative.
  if (node!.operator === 'GreaterOrEqual' && limit <= 0 && operand.node?.operator === 'Relu')
    return broadcastTo(context, { shape: [], order: [], value: context.graph.scalar(1) }, x.shape);
  const attributes = { alpha: { float: alpha }, beta: { float: -alpha * zero } };
  return { ...x, value: context.graph.emit('HardSigmoid', [operand], operand.shape, 'float32', attributes) };
}

const clip = (context: LoweringContext, x: Traced, least: number, most: number): Traced => {
  const inputs = [x.value, scalarLike(context, x, least).value, scalarLike(context, x, most).value];
  return { ...x, value: context.graph.emit('Clip', inputs, x.value.shape, x.value.type) };
};

/** Functions of real numbers, which ONNX has for floats only: whole numbers and booleans become float32 first, as in TF.js. */
const real =
  (operator: string, attributes?: Record<string, Attribute>): Lowering =>
  ({ x }, _attrs, context) =>
    elementwise(context, operator, [cast(context, x, 'float32')], attributes ? { attributes } : {});

/** The same for kernels that TF.js leaves in the type of the operand: the results of whole numbers are truncated. */
const realAsGiven =
  (lower: Lowering): Lowering =>
  (operands, attrs, context) => {
    const result = lower(operands, attrs, context) as Traced;
    const { type } = (operands.x ?? operands.a).value;
    return type === 'float32' ? result : cast(context, truncate(context, result), type);
  };

/** Booleans as the numbers 0 and 1, and the result as a boolean, which is what TF.js makes of them. */
const withBooleans =
  (lower: Lowering): Lowering =>
  (operands: Record<string, Traced>, attrs, context) => {
    if (!Object.values(operands).some(({ value }) => value.type === 'bool')) return lower(operands, attrs, context);
    const numbers = Object.entries(operands).map(([name, operand]) => [name, asNumber(context, operand)]);
    return cast(context, lower(Object.fromEntries(numbers), attrs, context) as Traced, 'bool');
  };

/** TF.js makes booleans such as 2 and 255 here. */
const withoutBooleans =
  (lower: Lowering): Lowering =>
  (operands: Record<string, Traced> | readonly Traced[], attrs, context) => {
    if (Object.values(operands).some(({ value }: Traced) => value.type === 'bool'))
      throw new Error('it takes no booleans; cast them to int32 or float32 first');
    return lower(operands, attrs, context);
  };

/** Whether each number has a property, which whole numbers have or lack alike. */
const ofFloats =
  (wholeNumbers: boolean, test: (x: Traced, context: LoweringContext) => Traced): Lowering =>
  ({ x }: { x: Traced }, _attrs, context) =>
    x.value.type === 'float32'
      ? test(x, context)
      : broadcastTo(
          context,
          { shape: [], order: [], value: context.graph.scalar(Number(wholeNumbers), 'bool') },
          x.shape,
        );

/** Rounding, which leaves whole numbers as they are. */
const rounding =
  (operator: string): Lowering =>
  ({ x }, _attrs, context) =>
    x.value.type === 'float32' ? elementwise(context, operator, [x]) : x;

/** -1, 0 or 1, and 0 for NaN, where ONNX's Sign gives NaN. */
const sign: Lowering = ({ x }: { x: Traced }, _attrs, context) => {
  if (x.value.type !== 'float32') return elementwise(context, 'Sign', [x]);
  const side = (operator: string) => {
    const compared = elementwise(context, operator, [x, scalarLike(context, x, 0)], { type: 'bool' });
    return cast(context, compared, 'float32');
  };
  return elementwise(context, 'Sub', [side('Greater'), side('Less')]);
};

/** The angle of the point (b, a): the arc tangent of a / b, moved by π to the side of a where b is negative. */
const atan2: Lowering = ({ a, b }: { a: Traced; b: Traced }, _attrs, context) => {
  const [y, x] = [cast(context, a, 'float32'), cast(context, b, 'float32')];
  const number = (value: number) => scalarLike(context, y, value);
  const test = (operator: string, operand: Traced) =>
    elementwise(context, operator, [operand, number(0)], { type: 'bool' });
  const choose = (condition: Traced, t: Traced, e: Traced) =>
    elementwise(context, 'Where', [condition, t, e], { type: 'float32' });
  const angle = elementwise(context, 'Atan', [elementwise(context, 'Div', [y, x])]);
  const turn = choose(test('Less', y), number(-Math.PI), number(Math.PI));
  const turned = choose(test('Less', x), elementwise(context, 'Add', [angle, turn]), angle);
  const origin = elementwise(context, 'And', [test('Equal', y), test('Equal', x)], { type: 'bool' });
  return choose(origin, number(0), turned);
};

/** min(relu(x), most) as one Clip; undefined for other operands. */
function capped(context: LoweringContext, x: Traced, most: Traced): Traced | undefined {
  const bound = uniform(most);
  const { node, type } = x.value;
  if (node?.operator !== 'Relu' || type !== 'float32' || bound === undefined || !(bound > 0)) return undefined;
  if (most.shape.length > x.shape.length) return undefined;
  return clip(context, { ...x, value: node.inputs[0]! }, 0, bound);
}

export const elementwiseLowerings: LoweringTable = {
  Add: withoutBooleans(binary('Add', { left: 0, right: 0 })),
  AddN: withoutBooleans((inputs: Traced[], _attrs, context) =>
    inputs.reduce((sum, input) => elementwise(context, 'Add', [sum, input])),
  ),
  Sub: withoutBooleans(binary('Sub', { right: 0 })),
  Multiply: withBooleans(binary('Mul', { left: 1, right: 1 })),
  RealDiv: withoutBooleans(binary('Div', { right: 1 })),
  FloorDiv: floorDivide,
  Mod: modulo,
  Pow: withBooleans(binary('Pow', { right: 1 })),
  Maximum: binary('Max'),
  // A tf.layers model writes relu6 as min(6, relu(x)).
  Minimum: ({ a, b }: { a: Traced; b: Traced }, attrs, context) =>
    capped(context, a, b) ?? capped(context, b, a) ?? binary('Min')({ a, b }, attrs, context),
  SquaredDifference: withBooleans(({ a, b }, _attrs, context) => {
    const difference = elementwise(context, 'Sub', [a, b]);
    return elementwise(context, 'Mul', [difference, difference]);
  }),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  Equal: comparison('Equal'),
  NotEqual: ({ a, b }, _attrs, context) =>
    elementwise(context, 'Not', [elementwise(context, 'Equal', [a, b], { type: 'bool' })]),
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  LogicalXor: logical('Xor'),
  LogicalNot: unary('Not'),
  Select: select,
  Neg: withoutBooleans(unary('Neg')),
  Abs: withBooleans(unary('Abs')),
  Sign: withBooleans(sign),
  Sqrt: real('Sqrt'),
  Exp: real('Exp'),
  Log: real('Log'),
  Sin: real('Sin'),
  Cos: real('Cos'),
  Tan: real('Tan'),
  Asin: realAsGiven(real('Asin')),
  Acos: realAsGiven(real('Acos')),
  Atan: realAsGiven(real('Atan')),
  Atan2: realAsGiven(atan2),
  Sinh: realAsGiven(real('Sinh')),
  Cosh: real('Cosh'),
  Asinh: realAsGiven(real('Asinh')),
  Acosh: realAsGiven(real('Acosh')),
  Atanh: realAsGiven(real('Atanh')),
  Tanh: real('Tanh'),
  Sigmoid: real('Sigmoid'),
  Relu: withBooleans(unary('Relu')),
  Elu: real('Elu', { alpha: { float: 1 } }),
  EluGrad: ({ dy, y }, _attrs, context) => {
    const slope = elementwise(context, 'Add', [
      elementwise(context, 'Min', [y, scalarLike(context, y, 0)]),
      scalarLike(context, y, 1),
    ]);
    return elementwise(context, 'Mul', [dy, slope]);
  },
  Selu: realAsGiven(
    real('Selu', {
      alpha: { float: backend_util.SELU_SCALEALPHA / backend_util.SELU_SCALE },
      gamma: { float: backend_util.SELU_SCALE },
    }),
  ),
  Erf: real('Erf'),
  Floor: rounding('Floor'),
  Ceil: rounding('Ceil'),
  // Half to even, in TF.js as in ONNX.
  Round: rounding('Round'),
  Reciprocal: realAsGiven(real('Reciprocal')),
  Softplus: realAsGiven(real('Softplus')),
  IsNan: ofFloats(false, (x, context) => elementwise(context, 'IsNaN', [x], { type: 'bool' })),
  IsInf: ofFloats(false, (x, context) => elementwise(context, 'IsInf', [x], { type: 'bool' })),
  // x - x is 0 for finite x and NaN otherwise.
  IsFinite: ofFloats(true, (x, context) => {
    const zero = elementwise(context, 'Sub', [x, x]);
    return elementwise(context, 'Equal', [zero, scalarLike(context, x, 0)], { type: 'bool' });
  }),
  Square: withBooleans(composed((x, op) => op('Mul', x, x))),
  Rsqrt: composed((x, op) => op('Reciprocal', op('Sqrt', x)), true),
  Expm1: realAsGiven(composed((x, op) => op('Sub', op('Exp', x), 1), true)),
  Log1p: realAsGiven(composed((x, op) => op('Log', op('Add', x, 1)), true)),
  // ONNX Runtime computes a Clip with the convolution before it, but not a Max and a Min.
  Relu6: withBooleans(({ x }: { x: Traced }, _attrs, context) => clip(context, x, 0, 6)),
  Step: step,
  ClipByValue: ({ x }, { clipValueMin, clipValueMax }, context) => clip(context, x, clipValueMin, clipValueMax),
  LeakyRelu: ({ x }, { alpha }, context) =>
    elementwise(context, 'LeakyRelu', [cast(context, x, 'float32')], { attributes: { alpha: { float: alpha } } }),
  // PRelu broadcasts its slope to x, never x to the slope.
  Prelu: ({ x, alpha }: { x: Traced; alpha: Traced }, _attrs, context) => {
    const full = cast(context, { ...x, value: materialise(context.graph, x, x.order) }, 'float32');
    return elementwise(context, 'PRelu', [full, cast(context, alpha, 'float32')]);
  },
  Cast: ({ x }: { x: Traced }, { dtype }, context) => {
    if (dtype === 'bool' && x.value.type !== 'bool') {
      return elementwise(context, 'Not', [
        elementwise(context, 'Equal', [x, scalarLike(context, x, 0)], { type: 'bool' }),
      ]);
    }
    if (dtype === 'int32' && x.value.type === 'float32') return truncate(context, x);
    return (dtype === 'float32' && threshold(context, x)) || cast(context, x, dtype);
  },
  Identity: ({ x }) => x,
};
