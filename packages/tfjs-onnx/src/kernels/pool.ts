import { backend_util } from '@tensorflow/tfjs-core';
import { materialise, NCHW, physicalShape, type Traced } from '../graph/traced.ts';
import { sameShape, sizeOf, type Value } from '../graph/types.ts';
import { conv2DInputGradient } from './convolution.ts';
import { cast, elementwise } from './elementwise.ts';
import type { Lowering, LoweringContext, LoweringTable } from './lowering.ts';
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

const poolAttributes = (info: ConvolutionInfo) => ({
  kernel_shape: [info.filterHeight, info.filterWidth],
  strides: [info.strideHeight, info.strideWidth],
  pads: windowOf(info).pads,
});

/** Whether some window may lie in the padding alone, which ONNX does not allow. */
const padsMuch = ({ filterHeight, filterWidth }: ConvolutionInfo, pads: readonly number[]): boolean =>
  pads.some((pad, i) => pad >= (i % 2 === 0 ? filterHeight : filterWidth));

const pool =
  (operator: 'AveragePool' | 'MaxPool'): Lowering =>
  ({ x: given }: { x: Traced }, attrs: PoolAttributes, context) => {
    const { graph } = context;
    const x = cast(context, given, 'float32');
    const info = poolInfo(x.shape, attrs);
    const shape = physicalShape(info.outShape, NCHW);
    // TF.js does not move a window of one pixel, whatever its stride and padding.
    if (info.filterHeight === 1 && info.filterWidth === 1 && sameShape(info.inShape, info.outShape)) return given;
    const attributes = poolAttributes(info);
    const result = (value: Value): Traced => ({ shape: info.outShape, order: NCHW, value });
    if (!padsMuch(info, attributes.pads)) {
      const pooled = result(graph.emit(operator, [materialise(graph, x, NCHW)], shape, 'float32', attributes));
      return given.value.type === 'float32' ? pooled : cast(context, pooled, given.value.type);
    }
    const [top, left, bottom, right] = attributes.pads as [number, number, number, number];
    const fill = operator === 'MaxPool' ? Number.NEGATIVE_INFINITY : 0;
    const filled = pad(
      context,
      x,
      [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ],
      'constant',
      fill,
    );
    const unpadded = { ...attributes, pads: [0, 0, 0, 0] };
    if (operator === 'AveragePool') {
      // A product between the Pad and the AveragePool, as ONNX Runtime would make one operator of the two, which it then refuses; it
      // takes a factor of 1 away.
      const number = (value: number): Traced => ({ shape: [], order: [], value: graph.scalar(value) });
      const area = info.filterHeight * info.filterWidth;
      const twice = elementwise(context, 'Mul', [filled, number(2 * area)]);
      const sums = result(graph.emit(operator, [materialise(graph, twice, NCHW)], shape, 'float32', unpadded));
      // An empty window has the average 0 / 0, NaN, in TF.js too.
      return elementwise(context, 'Div', [
        elementwise(context, 'Mul', [sums, number(0.5)]),
        windowSizes(context, info),
      ]);
    }
    return result(graph.emit(operator, [materialise(graph, filled, NCHW)], shape, 'float32', unpadded));
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
  const [values, places] = graph.emitMany(
    'MaxPool',
    [materialise(graph, x, NCHW)],
    [
      { shape, type: 'float32' },
      { shape, type: 'int64' },
    ],
    poolAttributes(info),
  );
  // ONNX counts places along N, C, H, W. From those of a plane follow those along H, W, C.
  const plane = inHeight * inWidth;
  const perPlane = (at: (n: number, c: number) => number) =>
    graph.constant(
      BigInt64Array.from({ length: N * C }, (_, i) => BigInt(at(Math.floor(i / C), i % C))),
      [N, C, 1, 1],
      'int64',
    );
  const first = perPlane((n, c) => (n * C + c) * plane);
  const within = graph.emit('Sub', [places!, first], shape, 'int64');
  const scaled = graph.emit('Mul', [within, graph.constant(BigInt64Array.of(BigInt(C)), [], 'int64')], shape, 'int64');
  const base = perPlane((n, c) => c + (attrs.includeBatchInIndex ? n * plane * C : 0));
  const index = graph.emit('Add', [scaled, base], shape, 'int64');
  const result = (value: Value): Traced => ({ shape: info.outShape, order: NCHW, value });
  return [result(values!), cast(context, result(index), 'int32')];
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

/** Each dy goes to the pixel that was the largest in its window, the first of equals. */
const maxPoolGradient: Lowering = ({ dy, input }: { dy: Traced; input: Traced }, attrs: PoolAttributes, context) => {
  const { graph } = context;
  const info = poolInfo(input.shape, attrs);
  const shape = physicalShape(info.outShape, NCHW);
  const [, winners] = graph.emitMany(
    'MaxPool',
    [materialise(graph, input, NCHW)],
    [
      { shape, type: 'float32' },
      { shape, type: 'int64' },
    ],
    poolAttributes(info),
  );
  const [outputs, inputs] = [[sizeOf(info.outShape)], [sizeOf(info.inShape)]];
  const zeros = graph.emit('Expand', [graph.scalar(0), graph.integers(inputs)], inputs, 'float32');
  const share = graph.reshape(materialise(graph, dy, NCHW), outputs);
  const sum = graph.emit('ScatterElements', [zeros, graph.reshape(winners!, outputs), share], inputs, 'float32', {
    axis: 0,
    reduction: 'add',
  });
  return { shape: info.inShape, order: NCHW, value: graph.reshape(sum, physicalShape(info.inShape, NCHW)) };
};

/** Pixels under each pooling window, [1,h,w,1]: windows at the border hold fewer. */
function windowSizes({ graph }: LoweringContext, info: ConvolutionInfo): Traced {
  const count = (index: number, stride: number, before: number, kernel: number, input: number) =>
    Math.max(0, Math.min(index * stride - before + kernel, input) - Math.max(index * stride - before, 0));
  const data = new Float32Array(info.outHeight * info.outWidth);
  data.forEach((_, i) => {
    const rows = count(
      Math.floor(i / info.outWidth),
      info.strideHeight,
      info.padInfo.top,
      info.filterHeight,
      info.inHeight,
    );
    data[i] = rows * count(i % info.outWidth, info.strideWidth, info.padInfo.left, info.filterWidth, info.inWidth);
  });
  const shape = [1, info.outHeight, info.outWidth, 1];
  return { shape, order: NCHW, value: graph.constant(data, physicalShape(shape, NCHW), 'float32') };
}

/** Each pixel gets dy / window size from every window over it: a transposed convolution with a filter of ones, channels as batch. */
const averagePoolGradient: Lowering = (
  { dy, input }: { dy: Traced; input: Traced },
  attrs: PoolAttributes,
  context,
) => {
  const { graph } = context;
  const info = poolInfo(input.shape, attrs);
  const { batchSize, inChannels, outHeight, outWidth, inHeight, inWidth } = info;
  const share = elementwise(context, 'Div', [dy, windowSizes(context, info)]);
  const planes = graph.reshape(materialise(graph, share, NCHW), [batchSize * inChannels, 1, outHeight, outWidth]);
  const ones = graph.constant(
    new Float32Array(info.filterHeight * info.filterWidth).fill(1),
    [1, 1, info.filterHeight, info.filterWidth],
    'float32',
  );
  const single = backend_util.computeConv2DInfo(
    [batchSize * inChannels, inHeight, inWidth, 1],
    [info.filterHeight, info.filterWidth, 1, 1],
    [info.strideHeight, info.strideWidth],
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  const spread = conv2DInputGradient(
    context,
    { shape: single.outShape, order: NCHW, value: planes },
    { shape: single.filterShape, order: [3, 2, 0, 1], value: ones },
    single,
  );
  return { shape: input.shape, order: NCHW, value: graph.reshape(spread.value, physicalShape(input.shape, NCHW)) };
};

export const poolLowerings: LoweringTable = {
  AvgPool: pool('AveragePool'),
  AvgPoolGrad: averagePoolGradient,
  MaxPool: pool('MaxPool'),
  MaxPoolGrad: maxPoolGradient,
  MaxPoolWithArgmax: maxPoolWithArgmax,
  Dilation2D: dilation2D,
};
