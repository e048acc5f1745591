import { backend_util } from '@tensorflow/tfjs-core';
import { materialise, NCHW, physicalShape, type Traced } from '../graph/traced.ts';
import { sizeOf } from '../graph/types.ts';
import { conv2DInputGradient } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import type { Lowering, LoweringContext, LoweringTable } from './lowering.ts';
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

const pool =
  (operator: 'AveragePool' | 'MaxPool'): Lowering =>
  ({ x }: { x: Traced }, attrs: PoolAttributes, { graph }) => {
    const info = poolInfo(x.shape, attrs);
    const shape = physicalShape(info.outShape, NCHW);
    const value = graph.emit(operator, [materialise(graph, x, NCHW)], shape, 'float32', poolAttributes(info));
    return { shape: info.outShape, order: NCHW, value };
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
    Math.min(index * stride - before + kernel, input) - Math.max(index * stride - before, 0);
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
};
