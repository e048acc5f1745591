import type { GraphBuilder } from '../graph/graph-builder.ts';
import { identityOrder, materialise, type Traced } from '../graph/traced.ts';
import type { Value } from '../graph/types.ts';
import type { ConvolutionInfo } from './convolution.ts';
import type { LoweringContext } from './lowering.ts';

/**
 * Convolutions as one matrix product for the whole batch, on NHWC activations and HWIO filters, TF.js's own orders.
 *
 * ONNX Runtime's CPU Conv runs one small product an image and streams the whole filter from memory each time; with
 * few output positions and many channels that is what it waits for. Here the patches of all images are gathered,
 * [N·h·w, kh·kw·I], by a Gather of whole channel rows, and multiplied once. The same patches serve the filter gradient.
 */
export const suitsGemm = (info: ConvolutionInfo): boolean => info.inChannels >= 32 && info.dilationHeight === 1 && info.dilationWidth === 1;

const NHWC = identityOrder(4);
const HWIO = identityOrder(4);

/** Rows of channels [N, (H·W + 1), C] with a row of zeros at the end, which out-of-frame taps point at. */
function withZeroRow(graph: GraphBuilder, rows: Value): Value {
  const [N, positions, C] = rows.shape as [number, number, number];
  const pads = graph.integers([0, 0, 0, 0, 1, 0]);
  return graph.emit('Pad', [rows, pads, graph.scalar(0)], [N, positions + 1, C], 'float32', { mode: 'constant' });
}

const gatherRows = (graph: GraphBuilder, rows: Value, indices: Int32Array): Value =>
  graph.emit('Gather', [rows, graph.constant(indices, [indices.length], 'int32')], [rows.shape[0]!, indices.length, rows.shape[2]!], 'float32', { axis: 1 });

/** Input position (or H·W, the zero row) of every output position and tap, [h·w, kh·kw]. */
function patchIndices(info: ConvolutionInfo): Int32Array {
  const { inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
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
  const gathered = gatherRows(graph, withZeroRow(graph, rows), patchIndices(info));
  return graph.reshape(gathered, [batchSize * outHeight * outWidth, filterHeight * filterWidth * inChannels]);
}

const filterMatrix = ({ graph }: LoweringContext, filter: Traced, info: ConvolutionInfo): Value =>
  graph.reshape(materialise(graph, filter, HWIO), [info.filterHeight * info.filterWidth * info.inChannels, info.outChannels]);

const outputRows = ({ graph }: LoweringContext, dy: Traced, info: ConvolutionInfo): Value =>
  graph.reshape(materialise(graph, dy, NHWC), [info.batchSize * info.outHeight * info.outWidth, info.outChannels]);

export function gemmConv2D(context: LoweringContext, x: Traced, filter: Traced, info: ConvolutionInfo): Traced {
  const { graph } = context;
  const left = patches(context, x, info);
  const product = graph.emit('Gemm', [left, filterMatrix(context, filter, info)], [left.shape[0]!, info.outChannels], 'float32', { transA: 0, transB: 0 });
  return { shape: info.outShape, order: NHWC, value: graph.reshape(product, info.outShape) };
}

/**
 * Gradient of the patches, [N, h·w·kh·kw, I], folded back onto the frame. A pixel lies in at most
 * ceil(kh/stride)·ceil(kw/stride) patches, so folding is that many Gathers and a Sum: no scatter.
 */
export function gemmConv2DInputGradient(context: LoweringContext, dy: Traced, filter: Traced, info: ConvolutionInfo): Traced {
  const { graph } = context;
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth } = info;
  const taps = filterHeight * filterWidth;
  const product = graph.emit(
    'Gemm',
    [outputRows(context, dy, info), filterMatrix(context, filter, info)],
    [batchSize * outHeight * outWidth, taps * inChannels],
    'float32',
    { transA: 0, transB: 1 },
  );
  const rows = withZeroRow(graph, graph.reshape(product, [batchSize, outHeight * outWidth * taps, inChannels]));
  const contributions = Array.from({ length: inHeight * inWidth }, (): number[] => []);
  patchIndices(info).forEach((position, patch) => {
    if (position < inHeight * inWidth) contributions[position]!.push(patch);
  });
  const most = Math.max(...contributions.map((list) => list.length));
  const zeroRow = outHeight * outWidth * taps;
  const layers = Array.from({ length: most }, (_, layer) =>
    gatherRows(graph, rows, Int32Array.from(contributions, (list) => list[layer] ?? zeroRow)),
  );
  const sum = layers.length === 1 ? layers[0]! : graph.emit('Sum', layers, layers[0]!.shape, 'float32');
  return { shape: info.inShape, order: NHWC, value: graph.reshape(sum, info.inShape) };
}

export function gemmConv2DFilterGradient(context: LoweringContext, x: Traced, dy: Traced, info: ConvolutionInfo): Traced {
  const { graph } = context;
  const left = patches(context, x, info);
  const product = graph.emit('Gemm', [left, outputRows(context, dy, info)], [left.shape[1]!, info.outChannels], 'float32', { transA: 1, transB: 0 });
  return { shape: info.filterShape, order: HWIO, value: graph.reshape(product, info.filterShape) };
}
