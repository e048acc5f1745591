import { backend_util } from '@tensorflow/tfjs-core';
import { NCHW, physicalShape, type Traced } from '../graph/traced.ts';
import { sameShape, type Value } from '../graph/types.ts';
import { cast, elementwise } from './elementwise.ts';
import type { Lowering, LoweringTable } from './lowering.ts';
import { averageGradient, maximaAndPlaces, maximumGradient, type Pooling, padsMuch, pooled } from './pooling.ts';
import { pad, reshape, slice } from './shape.ts';
import { type ConvolutionInfo, windowOf } from './window.ts';

type PoolAttributes = {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: 'valid' | 'same' | number;
  dimRoundingMode?: 'floor';
};

const poolInfo = (shape: readonly number[], { filterSize, strides, pad, dimRoundingMode }: PoolAttributes) =>
  backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );

const poolingOf = (info: ConvolutionInfo): Pooling => ({
  order: NCHW,
  inShape: info.inShape,
  outShape: info.outShape,
  kernel: [info.filterHeight, info.filterWidth],
  strides: [info.strideHeight, info.strideWidth],
  ...windowOf(info),
});

const pool =
  (operator: 'AveragePool' | 'MaxPool'): Lowering =>
  ({ x }: { x: Traced }, attrs: PoolAttributes, context) => {
    const info = poolInfo(x.shape, attrs);
    // TF.js does not move a window of one pixel, whatever its stride and padding.
    if (info.filterHeight === 1 && info.filterWidth === 1 && sameShape(info.inShape, info.outShape)) return x;
    return cast(context, pooled(context, operator, cast(context, x, 'float32'), poolingOf(info)), x.value.type);
  };

/** The largest value of each window and its place in the picture, [H·W·C], or in the batch. */
const maxPoolWithArgmax: Lowering = (
  { x }: { x: Traced },
  attrs: PoolAttributes & { includeBatchInIndex: boolean },
  context,
) => {
  const { graph } = context;
  const info = poolInfo(x.shape, attrs);
  const { batchSize: N, inChannels: C, inHeight, inWidth } = info;
  const shape = physicalShape(info.outShape, NCHW);
  const pooling = poolingOf(info);
  if (padsMuch(pooling)) throw new Error('the padding is as large as the window; legal: a smaller one');
  const [values, places] = maximaAndPlaces(context, x, pooling);
  // ONNX counts places along N, C, H, W. From those of a plane follow those along H, W, C.
  const plane = inHeight * inWidth;
  const perPlane = (at: (n: number, c: number) => number) =>
    graph.constant(
      BigInt64Array.from({ length: N * C }, (_, i) => BigInt(at(Math.floor(i / C), i % C))),
      [N, C, 1, 1],
      'int64',
    );
  const first = perPlane((n, c) => (n * C + c) * plane);
  const within = graph.emit('Sub', [places, first], shape, 'int64');
  const scaled = graph.emit('Mul', [within, graph.constant(BigInt64Array.of(BigInt(C)), [], 'int64')], shape, 'int64');
  const base = perPlane((n, c) => c + (attrs.includeBatchInIndex ? n * plane * C : 0));
  const index = graph.emit('Add', [scaled, base], shape, 'int64');
  const result = (value: Value): Traced => ({ shape: info.outShape, order: NCHW, value });
  return [result(values), cast(context, result(index), 'int32')];
};

/** Morphological dilation: the largest sum of a pixel and the filter's element over it, tap by tap. */
const dilation2D: Lowering = (
  { x, filter }: { x: Traced; filter: Traced },
  attrs: { strides: number | [number, number]; pad: 'valid' | 'same' | number; dilations: number | [number, number] },
  context,
) => {
  const info = backend_util.computeDilation2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number],
    attrs.strides,
    attrs.pad as 'same',
    'NHWC',
    attrs.dilations as number,
  );
  const { batchSize: N, inChannels: C, outHeight, outWidth, strideHeight, strideWidth, padInfo } = info;
  const rows = (outHeight - 1) * strideHeight + 1;
  const columns = (outWidth - 1) * strideWidth + 1;
  const span = (count: number, size: number, dilation: number) => count + (size - 1) * dilation;
  const bottom = Math.max(0, span(rows, info.filterHeight, info.dilationHeight) - info.inHeight - padInfo.top);
  const right = Math.max(0, span(columns, info.filterWidth, info.dilationWidth) - info.inWidth - padInfo.left);
  // TF.js starts from this number where no pixel lies under the filter.
  const floor = Number.MIN_SAFE_INTEGER;
  const padded = pad(
    context,
    x,
    [
      [0, 0],
      [padInfo.top, bottom],
      [padInfo.left, right],
      [0, 0],
    ],
    'constant',
    floor,
  );
  let largest: Traced | undefined;
  for (let i = 0; i < info.filterHeight; i++) {
    for (let j = 0; j < info.filterWidth; j++) {
      const [top, left] = [i * info.dilationHeight, j * info.dilationWidth];
      const pixels = slice(
        context,
        padded,
        [0, top, left, 0],
        [N, top + rows, left + columns, C],
        [1, strideHeight, strideWidth, 1],
      );
      const element = reshape(context, slice(context, filter, [i, j, 0], [i + 1, j + 1, C]), [1, 1, 1, C]);
      const sum = elementwise(context, 'Add', [pixels, element]);
      largest = largest ? elementwise(context, 'Max', [largest, sum]) : sum;
    }
  }
  return largest!;
};

const maxPoolGradient: Lowering = ({ dy, input }: { dy: Traced; input: Traced }, attrs: PoolAttributes, context) =>
  maximumGradient(context, dy, input, poolingOf(poolInfo(input.shape, attrs)));

const averagePoolGradient: Lowering = ({ dy, input }: { dy: Traced; input: Traced }, attrs: PoolAttributes, context) =>
  averageGradient(context, dy, poolingOf(poolInfo(input.shape, attrs)));

export const poolLowerings: LoweringTable = {
  AvgPool: pool('AveragePool'),
  AvgPoolGrad: averagePoolGradient,
  MaxPool: pool('MaxPool'),
  MaxPoolGrad: maxPoolGradient,
  MaxPoolWithArgmax: maxPoolWithArgmax,
  Dilation2D: dilation2D,
};
