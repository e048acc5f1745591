import type { GraphBuilder } from '../graph/graph-builder.ts';
import { identityOrder, materialise, type Traced } from '../graph/traced.ts';
import type { Value } from '../graph/types.ts';
import type { LoweringContext } from './lowering.ts';
import { product } from './product.ts';
import type { ConvolutionInfo } from './window.ts';

/**
 * Convolutions as one matrix product for the whole batch, on NHWC activations and HWIO filters, TF.js's own orders.
 *
 * ONNX Runtime's CPU Conv runs one small product an image and streams the whole filter from memory each time; with
 * few output positions and many channels that is what it waits for. Here the patches of all images are gathered,
 * [N·h·w, kh·kw·I], by a Gather of whole channel rows, and multiplied once. The same patches serve the filter gradient.
 */
export const suitsGemm = (info: ConvolutionInfo): boolean => info.dilationHeight === 1 && info.dilationWidth === 1;

const NHWC = identityOrder(4);
const HWIO = identityOrder(4);

/** Rows of channels [N, positions + 1, C] with a row of zeros at the end, which out-of-frame taps point at. */
export function withZeroRow(graph: GraphBuilder, rows: Value): Value {
  const [N, positions, C] = rows.shape as [number, number, number];
  // Concat copies whole blocks on every core; Pad goes row by row.
  const zeros = graph.emit('Expand', [graph.scalar(0), graph.integers([N, 1, C])], [N, 1, C], 'float32');
  return graph.emit('Concat', [rows, zeros], [N, positions + 1, C], 'float32', { axis: 1 });
}

/** Rows picked along axis 1; picking every row in order is no work. */
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
 * Gradient of the patches, [N, (h·w + 1)·kh·kw, I], folded back onto the frame. A pixel lies in at most
 * ceil(kh/stride)·ceil(kw/stride) patches, so folding is that many Gathers and their sum: no scatter. The zero row
 * that pixels in fewer patches point at comes from a zero row of dy, the smaller of the two tensors.
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

export function gemmConv2DFilterGradient(
  context: LoweringContext,
  x: Traced,
  dy: Traced,
  info: ConvolutionInfo,
): Traced {
  const { graph } = context;
  const left = patches(context, x, info);
  const result = product(context, 'Gemm', [left, outputRows(context, dy, info)], [left.shape[1]!, info.outChannels], {
    transA: 1,
    transB: 0,
  });
  return { shape: info.filterShape, order: HWIO, value: graph.reshape(result, info.filterShape) };
}
