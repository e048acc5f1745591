/** @module Complex numbers, as two real tensors: of ONNX's operators only DFT knows complex numbers. */
import { materialise, rowMajor, type Traced } from '../graph/traced.ts';
import { cast, elementwise } from './elementwise.ts';
import type { Lowering, LoweringContext, LoweringTable } from './lowering.ts';
import { reshape, slice } from './shape.ts';

/** Real and imaginary part of a complex tensor, or the tensor itself. */
export function complexParts({ imaginary, ...real }: Traced): readonly Traced[] {
  return imaginary ? [real, { ...real, value: imaginary }] : [real];
}

/** One complex tensor of two real ones of the same shape, in row-major order. */
function complex({ graph }: LoweringContext, real: Traced, imaginary: Traced): Traced {
  return { ...rowMajor(materialise(graph, real)), imaginary: materialise(graph, imaginary) };
}

/** The discrete Fourier transform of the last axis. */
const fourier =
  (inverse: 0 | 1): Lowering =>
  ({ input }: { input: Traced }, _attrs, context) => {
    const { graph } = context;
    const size = input.shape.at(-1)!;
    const rows = input.shape.slice(0, -1).reduce((product, dimension) => product * dimension, 1);
    const shape = [rows, size, 2];
    const parts = complexParts(input).map((part) => materialise(graph, reshape(context, part, [rows, size, 1])));
    const pairs = graph.emit('Concat', parts, shape, 'float32', { axis: 2 });
    const result = rowMajor(graph.emit('DFT', [pairs], shape, 'float32', { axis: 1, inverse }));
    const part = (i: number) => reshape(context, slice(context, result, [0, 0, i], [rows, size, i + 1]), input.shape);
    return complex(context, part(0), part(1));
  };

const parts = (x: Traced): [Traced, Traced] => complexParts(x) as [Traced, Traced];

export const complexLowerings: LoweringTable = {
  Complex: ({ real, imag }: { real: Traced; imag: Traced }, _attrs, context) => complex(context, real, imag),
  Real: ({ input }: { input: Traced }) => parts(input)[0],
  Imag: ({ input }: { input: Traced }) => parts(input)[1],
  ComplexAbs: ({ x }: { x: Traced }, _attrs, context) => {
    // Divided by the larger part first, because squares of small numbers are 0.
    const [real, imaginary] = parts(x).map((part) => elementwise(context, 'Abs', [part])) as [Traced, Traced];
    const least: Traced = { shape: [], order: [], value: context.graph.scalar(2 ** -126) };
    const scale = elementwise(context, 'Max', [elementwise(context, 'Max', [real, imaginary]), least]);
    const squares = [real, imaginary].map((part) => {
      const scaled = elementwise(context, 'Div', [part, scale]);
      return elementwise(context, 'Mul', [scaled, scaled]);
    });
    return elementwise(context, 'Mul', [scale, elementwise(context, 'Sqrt', [elementwise(context, 'Add', squares)])]);
  },
  FFT: fourier(0),
  IFFT: fourier(1),
};

/** Kernels that treat the real and the imaginary part alike, each by itself. */
const LINEAR = new Set([
  'Identity',
  'Reshape',
  'ExpandDims',
  'Transpose',
  'Slice',
  'StridedSlice',
  'Concat',
  'Pack',
  'Unpack',
  'SplitV',
  'Reverse',
  'Tile',
  'GatherV2',
  'PadV2',
  'Add',
  'AddN',
  'Sub',
  'Neg',
  'Sum',
  'ZerosLike',
]);

/** A real factor's part: itself, or zeros. */
const multiply: Lowering = ({ a, b }: { a: Traced; b: Traced }, _attrs, context) => {
  const product = (x: Traced, y: Traced) => elementwise(context, 'Mul', [x, y]);
  const [realA, imaginaryA] = complexParts(a) as [Traced, Traced?];
  const [realB, imaginaryB] = complexParts(b) as [Traced, Traced?];
  if (!imaginaryA) return complex(context, product(realA, realB), product(realA, imaginaryB!));
  if (!imaginaryB) return complex(context, product(realA, realB), product(imaginaryA, realB));
  return complex(
    context,
    elementwise(context, 'Sub', [product(realA, realB), product(imaginaryA, imaginaryB)]),
    elementwise(context, 'Add', [product(realA, imaginaryB), product(imaginaryA, realB)]),
  );
};

/** How a kernel with complex operands is lowered. @throws Error for kernels that take real numbers only. */
export function complexLowering(kernelName: string, lower: Lowering): Lowering {
  if (kernelName in complexLowerings) return lower;
  if (kernelName === 'Multiply') return multiply;
  if (kernelName === 'Cast')
    return ({ x }, { dtype }, context) => (dtype === 'complex64' ? x : cast(context, parts(x)[0], dtype));
  if (!LINEAR.has(kernelName)) throw new Error('complex64 cannot be lowered here; legal: float32, int32, bool');
  return (inputs: Record<string, Traced> | Traced[], attrs, context) => {
    const part = (i: 0 | 1) => {
      const entries = Object.entries(inputs).map(
        ([name, x]) => [name, complexParts(x)[i] ?? zeros(context, x)] as const,
      );
      const operands = Array.isArray(inputs) ? entries.map(([, x]) => x) : Object.fromEntries(entries);
      const result = lower(operands, attrs, context);
      return Array.isArray(result) ? (result as readonly Traced[]) : [result as Traced];
    };
    const [real, imaginary] = [part(0), part(1)];
    const results = real.map((one, i) => complex(context, one, imaginary[i]!));
    return kernelName === 'Unpack' || kernelName === 'SplitV' ? results : results[0]!;
  };
}

/** The imaginary part of a real operand. Indices of a Gather are whole numbers, and stay. */
const zeros = ({ graph }: LoweringContext, x: Traced): Traced =>
  x.value.type === 'float32'
    ? { ...x, value: graph.reshape(graph.scalar(0), new Array<number>(x.shape.length).fill(1)) }
    : x;
