/**
 * @module Convolutions as one matrix product for the whole batch, on NHWC activations and HWIO filters, TF.js's own orders.
 *
 * ONNX Runtime's Conv on the CPU multiplies image by image and reads the whole filter from memory for each. With few
 * output positions and many channels that reading takes most of the time. Here a Gather of whole channel rows collects the
 * patches of all images, [N·h·w, kh·kw·I], which are multiplied once. The gradient of the filter uses the same patches.
 */
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { identityOrder, materialise, type Traced } from '../graph/traced.ts';
import type { Value } from '../graph/types.ts';
import type { LoweringContext } from './lowering.ts';
import { product } from './product.ts';
import type { ConvolutionInfo } from './window.ts';

/** Whether a convolution can be written as here. */
export const suitsGemm = (info: ConvolutionInfo): boolean => info.dilationHeight === 1 && info.dilationWidth === 1;

const NHWC = identityOrder(4);
const HWIO = identityOrder(4);

/** Rows of channels [N, positions, C] with a row of zeros at the end, for taps outside the frame: [N, positions + 1, C]. */
export function withZeroRow(graph: GraphBuilder, rows: Value): Value {
  const [N, positions, C] = rows.shape as [number, number, number];
  // Concat copies whole blocks on every core; Pad goes row by row.
  const zeros = graph.emit('Expand', [graph.scalar(0), graph.integers([N, 1, C])], [N, 1, C], 'float32');
  return graph.emit('Concat', [rows, zeros], [N, positions + 1, C], 'float32', { axis: 1 });
}

/** Rows picked along axis 1. All rows in order are the input itself. */
export function gatherRows(graph: GraphBuilder, rows: Value, indices: Int32Array): Value {
  if (indices.length === rows.shape[1] && indices.every((index, i) => index === i)) return rows;
  const shape = [rows.shape[0]!, indices.length, rows.shape[2]!];
  return graph.emit('Gather', [rows, graph.constant(indices, [indices.length], 'int32')], shape, 'float32', {
    axis: 1,
  });
}

/** Gather takes as long for the 12 bytes of a picture's three channels as for 64. */
const FEW_CHANNELS = 8;

/** How the pixels of a picture's row are moved: `unit` neighbours at once, `width` units in a row. */
interface Frame {
  readonly unit: number;
  readonly width: number;
  /** Columns of zeros before and after the picture's. */
  readonly left: number;
  readonly right: number;
}

/** With few channels as many pixels as the stride, where the patches begin and end between units; otherwise each by itself. */
function frameOf(info: ConvolutionInfo): Frame {
  const { inWidth, inChannels, outWidth, filterWidth, strideWidth: unit, padInfo } = info;
  const width = outWidth - 1 + filterWidth / unit;
  const [left, right] = [padInfo.left, width * unit - padInfo.left - inWidth];
  const suits = unit > 1 && filterWidth % unit === 0 && right >= 0 && inChannels <= FEW_CHANNELS;
  return suits ? { unit, width, left, right } : { unit: 1, width: inWidth, left: 0, right: 0 };
}

/** Input unit (or H·width, the zero row) of every output position and unit of the filter, [h·w, kh·kw/unit]. */
function patchIndices(info: ConvolutionInfo, { unit, width }: Frame): Int32Array {
  const { inHeight, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const across = filterWidth / unit;
  const indices = new Int32Array(outHeight * outWidth * filterHeight * across);
  let at = 0;
  for (let row = 0; row < outHeight; row++) {
    for (let column = 0; column < outWidth; column++) {
      for (let kernelRow = 0; kernelRow < filterHeight; kernelRow++) {
        for (let kernelColumn = 0; kernelColumn < across; kernelColumn++) {
          const y = row * strideHeight + kernelRow - padInfo.top;
          const x = unit > 1 ? column + kernelColumn : column * strideWidth + kernelColumn - padInfo.left;
          indices[at++] = y >= 0 && y < inHeight && x >= 0 && x < width ? y * width + x : inHeight * width;
        }
      }
    }
  }
  return indices;
}

/** Patches [N·h·w, kh·kw·I] of x. */
function patches({ graph }: LoweringContext, x: Traced, info: ConvolutionInfo): Value {
  const { batchSize: N, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = info;
  const frame = frameOf(info);
  const { unit, width, left, right } = frame;
  const lines = graph.reshape(materialise(graph, x, NHWC), [N * inHeight, inWidth * inChannels]);
  const rows = graph.reshape(withZeroColumns(graph, lines, left * inChannels, right * inChannels), [
    N,
    inHeight * width,
    unit * inChannels,
  ]);
  const indices = patchIndices(info, frame);
  const needsZero = indices.includes(inHeight * width);
  const gathered = gatherRows(graph, needsZero ? withZeroRow(graph, rows) : rows, indices);
  return graph.reshape(gathered, [N * outHeight * outWidth, filterHeight * filterWidth * inChannels]);
}

/** A matrix with columns of zeros on both sides. */
function withZeroColumns(graph: GraphBuilder, matrix: Value, left: number, right: number): Value {
  if (left === 0 && right === 0) return matrix;
  const [rows, columns] = matrix.shape as [number, number];
  const zeros = (count: number) =>
    count === 0
      ? []
      : [graph.emit('Expand', [graph.scalar(0), graph.integers([rows, count])], [rows, count], 'float32')];
  const parts = [...zeros(left), matrix, ...zeros(right)];
  return graph.emit('Concat', parts, [rows, left + columns + right], 'float32', { axis: 1 });
}

const filterMatrix = ({ graph }: LoweringContext, filter: Traced, info: ConvolutionInfo): Value =>
  graph.reshape(materialise(graph, filter, HWIO), [
    info.filterHeight * info.filterWidth * info.inChannels,
    info.outChannels,
  ]);

const outputRows = ({ graph }: LoweringContext, dy: Traced, info: ConvolutionInfo): Value =>
  graph.reshape(materialise(graph, dy, NHWC), [info.batchSize * info.outHeight * info.outWidth, info.outChannels]);

/** x [N,H,W,I] * filter [kh,kw,I,O] -> y [N,h,w,O], in logical shapes. */
export function gemmConv2D(context: LoweringContext, x: Traced, filter: Traced, info: ConvolutionInfo): Traced {
  const { graph } = context;
  const left = patches(context, x, info);
  const result = product(
    context,
    'Gemm',
    [left, filterMatrix(context, filter, info)],
    [left.shape[0]!, info.outChannels],
    { transA: 0, transB: 0 },
  );
  return { shape: info.outShape, order: NHWC, value: graph.reshape(result, info.outShape) };
}

/**
 * dy [N,h,w,O] -> gradient of the input [N,H,W,I]: the gradient of the patches, [N, (h·w + 1)·kh·kw, I], folded back onto
 * the frame. A pixel lies in at most
 * ceil(kh/stride)·ceil(kw/stride) patches, so folding is the sum of that many Gathers, without
 * a scatter. Pixels in fewer patches gather a row of zeros, which comes from a row of zeros in dy, the smaller tensor.
 */
export function gemmConv2DInputGradient(
  context: LoweringContext,
  dy: Traced,
  filter: Traced,
  info: ConvolutionInfo,
): Traced {
  const { graph } = context;
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth } =
    info;
  const frame = frameOf(info);
  const { unit, width, left } = frame;
  const taps = filterHeight * filterWidth;
  const positions = outHeight * outWidth;
  const contributions = Array.from({ length: inHeight * width }, (): number[] => []);
  patchIndices(info, frame).forEach((position, patch) => {
    if (position < inHeight * width) contributions[position]!.push(patch);
  });
  const most = Math.max(...contributions.map((list) => list.length));
  const needsZero = contributions.some((list) => list.length < most);
  const rows = graph.reshape(materialise(graph, dy, NHWC), [batchSize, positions, outChannels]);
  const padded = needsZero ? withZeroRow(graph, rows) : rows;
  const count = padded.shape[1]!;
  const result = product(
    context,
    'Gemm',
    [graph.reshape(padded, [batchSize * count, outChannels]), filterMatrix(context, filter, info)],
    [batchSize * count, taps * inChannels],
    { transA: 0, transB: 1 },
  );
  const parts = graph.reshape(result, [batchSize, (count * taps) / unit, unit * inChannels]);
  const layers = Array.from({ length: most }, (_, layer) =>
    gatherRows(
      graph,
      parts,
      Int32Array.from(contributions, (list) => list[layer] ?? (positions * taps) / unit),
    ),
  );
  const lines = graph.reshape(sum(graph, layers), [batchSize * inHeight, unit * width * inChannels]);
  const inside = columnsOf(graph, lines, left * inChannels, inWidth * inChannels);
  return { shape: info.inShape, order: NHWC, value: graph.reshape(inside, info.inShape) };
}

/** `count` columns of a matrix from column `first` on. */
function columnsOf(graph: GraphBuilder, matrix: Value, first: number, count: number): Value {
  const [rows, columns] = matrix.shape as [number, number];
  if (count === columns) return matrix;
  const bounds = [graph.integers([first]), graph.integers([first + count]), graph.integers([1])];
  return graph.emit('Slice', [matrix, ...bounds], [rows, count], 'float32');
}

/** Pairwise: ONNX Runtime's n-ary Sum runs on one core, its Add on all. */
function sum(graph: GraphBuilder, values: readonly Value[]): Value {
  if (values.length === 1) return values[0]!;
  const half = Math.ceil(values.length / 2);
  return graph.emit(
    'Add',
    [sum(graph, values.slice(0, half)), sum(graph, values.slice(half))],
    values[0]!.shape,
    'float32',
  );
}

/**
 * Least ratio of a picture's positions to the rows or columns of the filter's matrix from which each picture has a product of
 * its own. One product of few results and long sums leaves the second core idle.
 */
const LONG_SUMS = 8;

/** x [N,H,W,I], dy [N,h,w,O] -> gradient of the filter [kh,kw,I,O]. */
export function gemmConv2DFilterGradient(
  context: LoweringContext,
  x: Traced,
  dy: Traced,
  info: ConvolutionInfo,
): Traced {
  const { graph } = context;
  const [left, right] = [patches(context, x, info), outputRows(context, dy, info)];
  const [rows, columns] = [left.shape[1]!, info.outChannels];
  const positions = info.outHeight * info.outWidth;
  let matrix: Value;
  if (positions >= LONG_SUMS * Math.max(rows, columns)) {
    const N = info.batchSize;
    const operands = [
      graph.transpose(graph.reshape(left, [N, positions, rows]), [0, 2, 1]),
      graph.reshape(right, [N, positions, columns]),
    ] as const;
    const each = product(context, 'MatMul', operands, [N, rows, columns]);
    matrix = graph.emit('ReduceSum', [each, graph.integers([0])], [rows, columns], 'float32', { keepdims: 0 });
  } else {
    matrix = product(context, 'Gemm', [left, right], [rows, columns], { transA: 1, transB: 0 });
  }
  return { shape: info.filterShape, order: HWIO, value: graph.reshape(matrix, info.filterShape) };
}
