import { identityOrder, materialise, physicalShape, rowMajor, type Traced } from '../graph/traced.ts';
import type { Value } from '../graph/types.ts';
import { elementwise, elementwiseLowerings } from './elementwise.ts';
import type { Lowering, LoweringContext, LoweringTable } from './lowering.ts';
import { product } from './product.ts';
import { reshape } from './shape.ts';

/** A matrix in the order it is stored in: Gemm takes a transposed one with transA or transB, so moving it is not needed. */
function matrix({ graph }: LoweringContext, x: Traced, transpose: boolean): { value: Value; transposed: boolean } {
  const columnMajor = x.order[0] === 1;
  return { value: materialise(graph, x, x.order), transposed: transpose !== columnMajor };
}

/** @throws Error for vectors, and for matrices whose inner sizes differ. */
function checkMatrices(a: readonly number[], b: readonly number[], transposeA: boolean, transposeB: boolean): void {
  const [inner, other] = [a.at(transposeA ? -2 : -1), b.at(transposeB ? -1 : -2)];
  if (a.length < 2 || b.length < 2 || inner !== other)
    throw new Error(
      `[${a}]${transposeA ? ' transposed' : ''} · [${b}]${transposeB ? ' transposed' : ''} is no product of matrices; legal: [..., m, k] · [..., k, n]`,
    );
}

/** a · b, of rank 2 as Gemm and of higher rank as MatMul with numpy's broadcast of the leading axes. */
export function matMul(context: LoweringContext, a: Traced, b: Traced, transposeA = false, transposeB = false): Traced {
  const { graph } = context;
  checkMatrices(a.shape, b.shape, transposeA, transposeB);
  // Gemm takes transposed operands as they lie, but has no batch and no whole numbers.
  if (a.shape.length === 2 && b.shape.length === 2 && a.value.type === 'float32') {
    const left = matrix(context, a, transposeA);
    const right = matrix(context, b, transposeB);
    const shape = [a.shape[transposeA ? 1 : 0]!, b.shape[transposeB ? 0 : 1]!];
    const attributes = { transA: left.transposed ? 1 : 0, transB: right.transposed ? 1 : 0 };
    return rowMajor(product(context, 'Gemm', [left.value, right.value], shape, attributes));
  }
  const operand = (x: Traced, transpose: boolean) => {
    const order = identityOrder(x.shape.length);
    if (transpose) order.splice(-2, 2, order.at(-1)!, order.at(-2)!);
    return { value: materialise(graph, x, order), shape: physicalShape(x.shape, order) };
  };
  const left = operand(a, transposeA);
  const right = operand(b, transposeB);
  const leading = Array.from({ length: Math.max(left.shape.length, right.shape.length) - 2 }, (_, i) => {
    const at = (shape: readonly number[]) => shape[shape.length - 3 - i] ?? 1;
    return Math.max(at(left.shape), at(right.shape));
  }).reverse();
  const shape = [...leading, left.shape.at(-2)!, right.shape.at(-1)!];
  return rowMajor(product(context, 'MatMul', [left.value, right.value], shape));
}

/** The matrix of a batch of one. */
const single = (context: LoweringContext, x: Traced): Traced => reshape(context, x, x.shape.slice(-2));

const isSingle = (x: Traced): boolean => x.shape.slice(0, -2).every((size) => size === 1);

/** TF.js makes batches of one of matrices; as matrices they are one Gemm, which takes the bias too. */
const fused: Lowering = ({ a, b, bias, preluActivationWeights }, attrs, context) => {
  const matrices = a.shape.length > 2 && isSingle(a) && isSingle(b) && [bias, preluActivationWeights].every(isRow);
  const operands: [Traced, Traced] = matrices ? [single(context, a), single(context, b)] : [a, b];
  let result = matMul(context, ...operands, attrs.transposeA, attrs.transposeB);
  if (bias) result = elementwise(context, 'Add', [result, bias]);
  result = activate(context, result, attrs, preluActivationWeights);
  const rank = Math.max(a.shape.length, b.shape.length);
  return matrices ? reshape(context, result, [...new Array<number>(rank - 2).fill(1), ...result.shape]) : result;
};

/** Whether it broadcasts to a matrix as it does to a batch of one. */
const isRow = (x: Traced | undefined): boolean => !x || x.shape.length <= 1;

/** Activation of TF.js's fused kernels. */
export function activate(
  context: LoweringContext,
  x: Traced,
  { activation, leakyreluAlpha }: { activation?: string; leakyreluAlpha?: number },
  preluWeights?: Traced,
): Traced {
  const kernels: Readonly<Record<string, string>> = {
    relu: 'Relu',
    relu6: 'Relu6',
    sigmoid: 'Sigmoid',
    elu: 'Elu',
    leakyrelu: 'LeakyRelu',
    prelu: 'Prelu',
  };
  if (!activation || activation === 'linear') return x;
  const lower = elementwiseLowerings[kernels[activation] ?? ''];
  if (!lower)
    throw new Error(
      `activation '${activation}' of a fused kernel cannot be lowered; legal: linear, ${Object.keys(kernels).join(', ')}`,
    );
  const operands = preluWeights ? { x, alpha: preluWeights } : { x };
  return lower(operands, { alpha: leakyreluAlpha }, context) as Traced;
}

export const matmulLowerings: LoweringTable = {
  BatchMatMul: ({ a, b }, { transposeA, transposeB }, context) => matMul(context, a, b, transposeA, transposeB),
  _FusedMatMul: fused,
};
