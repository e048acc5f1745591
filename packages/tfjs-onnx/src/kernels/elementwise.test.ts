// @module-tag slow

import * as tf from '@tensorflow/tfjs-core';
import { example, testLowerings } from '../testing/lowering-cases.ts';
import { bool, float, given, int, within } from '../testing/random-values.ts';
import { elementwiseLowerings } from './elementwise.ts';

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const SPECIAL = given(
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  1e-30,
  -1e30,
);

/** Functions of real numbers take whole numbers too, and give float32. */
const whole = (op: Unary) =>
  example({ x: { shape: [5], dtype: 'int32', range: [1, 3] } }, ({ x }) => op(x), { tolerance: 1e-5 });
/** TF.js leaves the results of these in the type of the operand, truncated. */
const truncated = (op: Unary) => [
  example({ x: int(3, 4) }, ({ x }) => op(x)),
  example({ x: bool(5) }, ({ x }) => op(x)),
];
const special = (op: Unary) => example({ x: SPECIAL }, ({ x }) => op(x), { gradients: [] });
const unary = (op: Unary, from = -2, to = 2) => [
  example({ x: within(from, to) }, ({ x }) => op(x)),
  example({ x: within(from, to, 7) }, ({ x }) => op(x)),
  example({ x: within(from, to, 2, 3, 4, 5) }, ({ x }) => op(x)),
];
/** Functions that are flat between their jumps: their gradients are zeros that hold no information. */
const steps = (op: Unary) => [
  example({ x: within(-5, 5, 2, 3, 4, 5) }, ({ x }) => op(x)),
  example({ x: int(3, 4) }, ({ x }) => op(x)),
  special(op),
];

/** Shapes that broadcast in both directions, of ranks 0 to 5. */
const pairs: readonly (readonly [number[], number[]])[] = [
  [[], []],
  [[4], []],
  [[], [2, 3]],
  [[2, 3, 4, 5], [5]],
  [
    [4, 1],
    [2, 3, 4, 5],
  ],
  [
    [2, 1, 4, 1],
    [3, 1, 5],
  ],
  [
    [2, 3, 4, 5],
    [2, 3, 4, 5],
  ],
  [
    [1, 1, 1],
    [2, 3],
  ],
  [
    [2, 1, 2, 3, 2],
    [3, 2, 1, 2],
  ],
];
const binary = (op: Binary, from: readonly [number, number] = [-2, 2], to = from) =>
  pairs.map(([a, b]) => example({ a: within(...from, ...a), b: within(...to, ...b) }, ({ a, b }) => op(a, b)));
/** TF.js's gradients of these do not undo the broadcast, so only equal shapes have one. */
const extremes = (op: Binary) =>
  binary(op).map((lowering, i) => ({
    ...lowering,
    gradients: String(pairs[i]![0]) === String(pairs[i]![1]) ? ['a', 'b'] : [],
  }));
const integers = (op: Binary) =>
  pairs.slice(2, 6).map(([a, b]) => example({ a: int(...a), b: int(...b) }, ({ a, b }) => op(a, b)));
/** -5 to 5 without 0, which whole numbers cannot be divided by. */
const divisors = { shape: [10], dtype: 'int32' as const, values: [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5] };
/** TF.js gives 0 where a whole number is divided by 0. */
const byZero = (op: Binary) => [
  example({ a: int(4, 1), b: { shape: [3], dtype: 'int32', values: [-2, 0, 3] } }, ({ a, b }) => op(a, b)),
  example({ a: int(3) }, ({ a }) => op(a, tf.tensor1d([2, 0, -3], 'int32'))),
];
const withConstant = (op: Unary) => example({ x: float(2, 3, 4, 5) }, ({ x }) => op(x));
const comparison = (op: Binary) =>
  [
    ...integers(op),
    ...binary(op, [0, 1]),
    example({ a: bool(3, 4), b: bool(4) }, ({ a, b }) => op(a, b)),
    example({ a: SPECIAL }, ({ a }) => op(a, tf.scalar(0)), { gradients: [] }),
  ].map((lowering) => ({ ...lowering, gradients: [] }));
const truths = (op: Binary) => pairs.map(([a, b]) => example({ a: bool(...a), b: bool(...b) }, ({ a, b }) => op(a, b)));

const comparisons = [tf.greater, tf.greaterEqual, tf.less, tf.lessEqual];
/** A number, its neighbours in float32, and others. Denormal numbers may count as 0. */
function around(bound: number) {
  const values = Float32Array.of(bound, bound, bound);
  const bits = new Int32Array(values.buffer);
  bits[0]!++;
  bits[1]!--;
  const neighbours = bound === 0 ? [2 ** -126, -(2 ** -126)] : [...values];
  return given(...neighbours, bound, 0, -0, 1, -7, 7, 3e38, -3e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
}

const net = (activation: Unary) =>
  example(
    { x: within(-1, 1, 3, 4), a: within(-1, 1, 4, 5), b: float(5, 2) },
    ({ x, a, b }) => tf.matMul(activation(tf.matMul(x, a)), b),
    { penalty: 'x' },
  );

testLowerings(elementwiseLowerings, {
  Add: [...binary(tf.add), ...integers(tf.add), withConstant((x) => tf.add(0, tf.add(x, tf.zeros([3, 1, 1]))))],
  AddN: [
    example({ a: float(2, 3), b: float(2, 3), c: float(2, 3) }, ({ a, b, c }) => tf.addN([a, b, c])),
    example({ a: int(4), b: int(4) }, ({ a, b }) => tf.addN([a, b])),
  ],
  Sub: [...binary(tf.sub), ...integers(tf.sub), withConstant((x) => tf.sub(0, tf.sub(x, 0)))],
  Multiply: [
    ...binary(tf.mul),
    ...integers(tf.mul),
    withConstant((x) => tf.mul(1, tf.mul(x, tf.ones([2, 1, 1, 1, 1])))),
    example({ a: bool(2, 4), b: bool(4) }, ({ a, b }) => [tf.mul(a, b), tf.squaredDifference(a, b), tf.pow(a, b)]),
    example({ x: float(3, 2), y: float(3, 2) }, ({ x, y }) => tf.mul(tf.mul(x, x), y), { penalty: 'x' }),
  ],
  RealDiv: [...binary(tf.div, [-2, 2], [0.5, 2]), withConstant((x) => tf.div(x, 1)), special((x) => tf.div(1, x))],
  FloorDiv: [
    ...binary(tf.floorDiv, [-9, 9], [0.5, 2]).map((lowering) => ({ ...lowering, gradients: [] })),
    example({ a: int(3, 10), b: divisors }, ({ a, b }) => tf.floorDiv(a, b)),
    example({ a: int(3, 10), b: divisors }, ({ a, b }) => tf.div(a, b)),
    ...byZero(tf.floorDiv),
    example({ a: given(1, -1, 0), b: given(0, 0, 0) }, ({ a, b }) => tf.floorDiv(a, b), { gradients: [] }),
    example({ a: { shape: [2], dtype: 'int32', values: [2 ** 30 + 1, -(2 ** 30) - 1] } }, ({ a }) =>
      tf.floorDiv(a, tf.scalar(2, 'int32')),
    ),
  ],
  Mod: [
    ...binary(tf.mod, [-9, 9], [0.5, 2]),
    ...binary(tf.mod, [-9, 9], [-2, -0.5]),
    example({ a: int(3, 10), b: divisors }, ({ a, b }) => tf.mod(a, b)),
    ...byZero(tf.mod),
  ],
  Pow: [
    ...binary(tf.pow, [0.5, 2], [-2, 2]),
    ...[-1, 0, 0.5, 1, 2, 3].map((power) => example({ x: within(0.5, 2, 2, 3) }, ({ x }) => tf.pow(x, power))),
    ...[2, 3].map((power) => example({ x: float(2, 3) }, ({ x }) => tf.pow(x, tf.scalar(power, 'int32')))),
    example({ a: int(3, 4), b: { ...int(4), range: [0, 3] } }, ({ a, b }) => tf.pow(a, b)),
  ],
  Maximum: [
    ...extremes(tf.maximum),
    ...integers(tf.maximum),
    withConstant((x) => tf.maximum(x, 0)),
    special((x) => tf.maximum(x, 0.25)),
  ],
  Minimum: [
    ...extremes(tf.minimum),
    ...integers(tf.minimum),
    withConstant((x) => tf.minimum(x, 0)),
    special((x) => tf.minimum(x, 0.25)),
  ],
  SquaredDifference: [...extremes(tf.squaredDifference), ...integers(tf.squaredDifference)],
  Greater: comparison(tf.greater),
  GreaterEqual: comparison(tf.greaterEqual),
  Less: comparison(tf.less),
  LessEqual: comparison(tf.lessEqual),
  Equal: comparison(tf.equal),
  NotEqual: comparison(tf.notEqual),
  LogicalAnd: truths(tf.logicalAnd),
  LogicalOr: truths(tf.logicalOr),
  // tf.logicalXor is composed of other kernels; models from elsewhere call this one.
  LogicalXor: truths((a, b) => tf.engine().runKernel('LogicalXor', { a, b }) as tf.Tensor).map((lowering) => ({
    ...lowering,
    reference: ({ a, b }) => tf.logicalXor(a!, b!),
  })),
  LogicalNot: [example({ x: bool(3, 4) }, ({ x }) => tf.logicalNot(x))],
  Select: [
    example({ c: bool(2, 3, 4, 5), a: float(2, 3, 4, 5), b: float(2, 3, 4, 5) }, ({ c, a, b }) => tf.where(c, a, b)),
    example({ c: bool(4, 1), a: float(2, 3, 4, 5), b: float() }, ({ c, a, b }) => tf.where(c, a, b)),
    example({ c: bool(3), a: int(3), b: int(3) }, ({ c, a, b }) => tf.where(c, a, b)),
    example({ c: bool(3, 2), a: bool(3, 2), b: bool(2) }, ({ c, a, b }) => tf.where(c, a, b)),
    example({ c: bool(3), a: int(3), b: float(3) }, ({ c, a, b }) => tf.where(c, a, b), { gradients: [] }),
    example({ c: bool(3), a: bool(3), b: int(3) }, ({ c, a, b }) => tf.where(c, a, b)),
  ],
  Neg: [...unary(tf.neg), ...steps(tf.neg)],
  Abs: [...unary(tf.abs), ...steps(tf.abs)],
  Sign: [...unary(tf.sign), example({ x: int(3, 4) }, ({ x }) => tf.sign(x)), special(tf.sign)],
  Sqrt: [...unary(tf.sqrt, 0.1, 4), special(tf.sqrt)],
  Exp: [...unary(tf.exp), special(tf.exp), whole(tf.exp)],
  Log: [...unary(tf.log, 0.1, 4), special(tf.log)],
  Sin: unary(tf.sin),
  Cos: unary(tf.cos),
  Tan: unary(tf.tan, -1, 1),
  Asin: [...unary(tf.asin, -0.9, 0.9), ...truncated(tf.asin)],
  Acos: [...unary(tf.acos, -0.9, 0.9), ...truncated(tf.acos)],
  Atan: [...unary(tf.atan), ...truncated(tf.atan)],
  Atan2: [
    ...binary(tf.atan2).map((lowering) => ({ ...lowering, gradients: [] })),
    ...[0, 1, -1].map((x) =>
      example({ y: given(0, 1, -1, 0.5, -3) }, ({ y }) => tf.atan2(y, tf.scalar(x)), { gradients: [] }),
    ),
  ],
  Sinh: [...unary(tf.sinh), ...truncated(tf.sinh)],
  Cosh: unary(tf.cosh),
  Asinh: [...unary(tf.asinh), ...truncated(tf.asinh)],
  Acosh: [...unary(tf.acosh, 1.1, 4), ...truncated(tf.acosh)],
  Atanh: [...unary(tf.atanh, -0.9, 0.9), ...truncated(tf.atanh)],
  Tanh: [...unary(tf.tanh), special(tf.tanh)],
  Sigmoid: [...unary(tf.sigmoid), special(tf.sigmoid)],
  Relu: [
    ...unary(tf.relu),
    ...steps(tf.relu),
    net(tf.relu),
    example({ x: bool(4) }, ({ x }) => [tf.relu(x), tf.relu6(x), tf.abs(x), tf.sign(x), tf.square(x)]),
  ],
  Elu: [...unary(tf.elu), special(tf.elu)],
  EluGrad: unary(tf.elu),
  Selu: [...unary(tf.selu), special(tf.selu), ...truncated(tf.selu)],
  Erf: [...unary(tf.erf), example({ x: float(3) }, ({ x }) => tf.erf(x), { tolerance: 1e-5 })],
  Floor: [...unary(tf.floor, -5, 5), special(tf.floor)],
  Ceil: [...unary(tf.ceil, -5, 5), special(tf.ceil)],
  Round: steps(tf.round),
  Reciprocal: [...unary(tf.reciprocal, 0.5, 2), special(tf.reciprocal), ...truncated(tf.reciprocal)],
  Softplus: [...unary(tf.softplus, -5, 20), net(tf.softplus), ...truncated(tf.softplus)],
  IsNan: [special(tf.isNaN), ...truncated(tf.isNaN)],
  IsInf: [special(tf.isInf), ...truncated(tf.isInf)],
  IsFinite: [special(tf.isFinite), ...truncated(tf.isFinite)],
  Square: [...unary(tf.square), example({ x: int(3, 4) }, ({ x }) => tf.square(x)), net(tf.square)],
  Rsqrt: [...unary(tf.rsqrt, 0.1, 4), special(tf.rsqrt)],
  Expm1: [
    ...unary(tf.expm1),
    special(tf.expm1),
    example({ x: within(-1e-4, 1e-4, 8) }, ({ x }) => tf.expm1(x)),
    ...truncated(tf.expm1),
  ],
  Log1p: [
    ...unary(tf.log1p, -0.5, 4),
    special(tf.log1p),
    example({ x: within(-1e-4, 1e-4, 8) }, ({ x }) => tf.log1p(x)),
    ...truncated(tf.log1p),
  ],
  Relu6: [...unary(tf.relu6, -8, 8), ...steps(tf.relu6)],
  Step: [
    ...[-0.5, 0, 0.2, 1, 1.5].flatMap((alpha) => unary((x) => tf.step(x, alpha))),
    special((x) => tf.step(x, 0.2)),
  ],
  ClipByValue: [
    ...unary((x) => tf.clipByValue(x, -1, 0.5)),
    example({ x: int(3, 4) }, ({ x }) => tf.clipByValue(x, -2, 3)),
    special((x) => tf.clipByValue(x, -1, 0.5)),
  ],
  LeakyRelu: [
    ...[0, 0.01, 0.2, 1, 1.5, -0.3].flatMap((alpha) => unary((x) => tf.leakyRelu(x, alpha))),
    special((x) => tf.leakyRelu(x, 0.2)),
    whole((x) => tf.leakyRelu(tf.neg(x), 0.2)),
    net((x) => tf.leakyRelu(x, 0.2)),
  ],
  Prelu: [
    example({ x: float(2, 3, 4, 5), alpha: float(5) }, ({ x, alpha }) => tf.prelu(x, alpha)),
    example({ x: float(2, 3, 4, 5), alpha: float(3, 4, 5) }, ({ x, alpha }) => tf.prelu(x, alpha)),
    example({ x: float(2, 3), alpha: float(1) }, ({ x, alpha }) => tf.prelu(x, alpha)),
    example({ x: int(2, 3), alpha: float(3) }, ({ x, alpha }) => tf.prelu(x, alpha), { gradients: [] }),
  ],
  Cast: [
    ...(['float32', 'int32', 'bool'] as const).flatMap((to) => [
      example({ x: within(-3, 3, 2, 3, 4, 5) }, ({ x }) => tf.cast(x, to), {
        gradients: to === 'float32' ? ['x'] : [],
      }),
      example({ x: int(3, 4) }, ({ x }) => tf.cast(x, to)),
      example({ x: bool(3, 4) }, ({ x }) => tf.cast(x, to)),
    ]),
    example({ x: given(-1.5, -0.5, 0, -0, 0.5, 1.5) }, ({ x }) => [tf.cast(x, 'int32'), tf.cast(x, 'bool')], {
      gradients: [],
    }),
    example(
      { x: given(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e20, -1e20, 2 ** 31 - 128, -2.7) },
      ({ x }) => tf.cast(x, 'int32'),
      { gradients: [] },
    ),
    ...[0, 6, -1, 0.3, 1e30, Number.POSITIVE_INFINITY].map((bound) =>
      example({ x: around(bound) }, ({ x }) => comparisons.map((compare) => tf.cast(compare(x, bound), 'float32')), {
        gradients: [],
      }),
    ),
    example({ x: float(2, 3, 4, 5) }, ({ x }) => comparisons.map((compare) => tf.cast(compare(x, 0.5), 'float32')), {
      gradients: [],
    }),
    example(
      { x: given(-1, -0, 0, 1) },
      ({ x }) =>
        comparisons.flatMap((compare) => [-1, 0, 1].map((bound) => tf.cast(compare(tf.relu(x), bound), 'float32'))),
      { gradients: [] },
    ),
    example({ a: float(2, 1, 3), b: float(4, 1) }, ({ a, b }) => tf.cast(tf.greater(a, b), 'float32'), {
      gradients: [],
    }),
  ],
  Identity: [example({ x: float(2, 3) }, ({ x }) => tf.clone(x)), example({ x: int() }, ({ x }) => tf.clone(x))],
});
