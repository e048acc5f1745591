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

/** Input position (or H·W, the zero row) of every output position and tap, [h·w, kh·kw]. */
function patchIndices(info: ConvolutionInfo): Int32Array {
  const { inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth, padInfo } =
    info;
  const indices = new Int32Array(outHeight * outWidth * filterHeight * filterWidth);
  let at = 0;
  for (let row = 0; row < outHeight; row++) {
    for (let column = 0; column < outWidth; column++) {
      for (let kernelRow = 0; kernelRow < filterHeight; kernelRow++) {
        for (let kernelColumn = 0; kernelColumn < filterWidth; kernelColumn++) {
          const y = row * strideHeight + kernelRow - padInfo.top;
          const x = column * strideWidth + kernelColumn - padInfo.left;
          indices[at++] = y >= 0 && y < inHeight && x >= 0 && x < inWidth ? y * inWidth + x : inHeight * inWidth;
        }
      }
    }
  }
  return indices;
}

/** Patches [N·h·w, kh·kw·I] of x. */
function patches({ graph }: LoweringContext, x: Traced, info: ConvolutionInfo): Value {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = info;
  const rows = graph.reshape(materialise(graph, x, NHWC), [batchSize, inHeight * inWidth, inChannels]);
  const indices = patchIndices(info);
  const needsZero = indices.includes(inHeight * inWidth);
  const gathered = gatherRows(graph, needsZero ? withZeroRow(graph, rows) : rows, indices);
  return graph.reshape(gathered, [batchSize * outHeight * outWidth, filterHeight * filterWidth * inChannels]);
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
  const taps = filterHeight * filterWidth;
  const positions = outHeight * outWidth;
  const contributions = Array.from({ length: inHeight * inWidth }, (): number[] => []);
  patchIndices(info).forEach((position, patch) => {
    if (position < inHeight * inWidth) contributions[position]!.push(patch);
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
  const parts = graph.reshape(result, [batchSize, count * taps, inChannels]);
  const layers = Array.from({ length: most }, (_, layer) =>
    gatherRows(
      graph,
      parts,
      Int32Array.from(contributions, (list) => list[layer] ?? positions * taps),
    ),
  );
  return { shape: info.inShape, order: NHWC, value: graph.reshape(sum(graph, layers), info.inShape) };
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
