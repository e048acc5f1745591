/** @module Convolutions and poolings of volumes: NDHWC for TF.js, NCDHW for ONNX. */
import { backend_util } from '@tensorflow/tfjs-core';
import { materialise, physicalShape, type Traced } from '../graph/traced.ts';
import type { Value } from '../graph/types.ts';
import type { Lowering, LoweringContext, LoweringTable } from './lowering.ts';
import { averageGradient, maximumGradient, type Pooling, pooled } from './pooling.ts';
import { product } from './product.ts';

/** Physical order of NDHWC volumes: NCDHW. */
const NCDHW: readonly number[] = [0, 4, 1, 2, 3];
/** Physical order of DHWIO filters: OIDHW. */
const OIDHW: readonly number[] = [4, 3, 0, 1, 2];

type Info = backend_util.Conv3DInfo;
type Five = [number, number, number, number, number];

function channelsLast(dataFormat: string | undefined): void {
  if (dataFormat === 'NCDHW') throw new Error("dataFormat 'NCDHW' cannot be lowered; legal: NDHWC");
}

function convolutionInfo(inputShape: readonly number[], filterShape: readonly number[], attrs: VolumeAttributes): Info {
  channelsLast(attrs.dataFormat);
  return backend_util.computeConv3DInfo(
    inputShape as Five,
    filterShape as Five,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad as 'same',
  );
}

interface VolumeAttributes {
  readonly strides: number | [number, number, number];
  readonly pad: 'valid' | 'same' | number;
  readonly dilations?: number | [number, number, number];
  readonly dataFormat?: string;
}

interface PoolAttributes extends VolumeAttributes {
  readonly filterSize: number | [number, number, number];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function poolInfo(shape: readonly number[], attrs: PoolAttributes): Info {
  channelsLast(attrs.dataFormat);
  return backend_util.computePool3DInfo(
    shape as Five,
    attrs.filterSize,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
}

const kernelOf = (info: Info) => [info.filterDepth, info.filterHeight, info.filterWidth];
const stridesOf = (info: Info) => [info.strideDepth, info.strideHeight, info.strideWidth];
const dilationsOf = (info: Info) => [info.dilationDepth, info.dilationHeight, info.dilationWidth];
const insideOf = (info: Info) => [info.inDepth, info.inHeight, info.inWidth];
const outsideOf = (info: Info) => [info.outDepth, info.outHeight, info.outWidth];
const beforeOf = (info: Info) => [info.padInfo.front, info.padInfo.top, info.padInfo.left];

/** Padding with which ONNX computes the output size that TF.js chose, and what no window reaches at the ends. */
function windowOf(info: Info): { pads: number[]; unreached: number[] } {
  const effective = [info.effectiveFilterDepth, info.effectiveFilterHeight, info.effectiveFilterWidth];
  const ends = insideOf(info).map(
    (input, i) => (outsideOf(info)[i]! - 1) * stridesOf(info)[i]! + effective[i]! - input - beforeOf(info)[i]!,
  );
  return {
    pads: [...beforeOf(info), ...ends.map((end) => Math.max(end, 0))],
    unreached: ends.map((end) => Math.max(-end, 0)),
  };
}

const ncdhw = (context: LoweringContext, x: Traced): Value => materialise(context.graph, x, NCDHW);
const volume = (shape: readonly number[], value: Value): Traced => ({ shape, order: NCDHW, value });

const conv3D: Lowering = ({ x, filter }: { x: Traced; filter: Traced }, attrs: VolumeAttributes, context) => {
  const info = convolutionInfo(x.shape, filter.shape, attrs);
  const operands = [ncdhw(context, x), materialise(context.graph, filter, OIDHW)] as const;
  const value = product(context, 'Conv', operands, physicalShape(info.outShape, NCDHW), {
    kernel_shape: kernelOf(info),
    strides: stridesOf(info),
    dilations: dilationsOf(info),
    pads: windowOf(info).pads,
  });
  return volume(info.outShape, value);
};

const conv3DInputGradient: Lowering = (
  { dy, filter }: { dy: Traced; filter: Traced },
  attrs: VolumeAttributes & { inputShape: number[] },
  context,
) => {
  const info = convolutionInfo(attrs.inputShape, filter.shape, attrs);
  const { pads, unreached } = windowOf(info);
  const operands = [ncdhw(context, dy), materialise(context.graph, filter, OIDHW)] as const;
  const value = product(context, 'ConvTranspose', operands, physicalShape(info.inShape, NCDHW), {
    kernel_shape: kernelOf(info),
    strides: stridesOf(info),
    dilations: dilationsOf(info),
    pads,
    ...(unreached.some((size) => size > 0) ? { output_padding: unreached } : {}),
  });
  return volume(info.inShape, value);
};

/** As for pictures: the batch-transposed input convolved with the batch-transposed gradient, which the stride dilates. */
const conv3DFilterGradient: Lowering = (
  { x, dy }: { x: Traced; dy: Traced },
  attrs: VolumeAttributes & { filterShape: number[] },
  context,
) => {
  const { graph } = context;
  const info = convolutionInfo(x.shape, attrs.filterShape, attrs);
  const { pads, unreached } = windowOf(info);
  const batchLast = [4, 0, 1, 2, 3];
  const operands = [materialise(graph, x, batchLast), materialise(graph, dy, batchLast)] as const;
  const whole = kernelOf(info).map((size, i) => size + unreached[i]!);
  const shape = [info.inChannels, info.outChannels, ...kernelOf(info)];
  let value = product(context, 'Conv', operands, [info.inChannels, info.outChannels, ...whole], {
    kernel_shape: outsideOf(info),
    strides: [1, 1, 1],
    dilations: stridesOf(info),
    pads,
  });
  if (unreached.some((size) => size > 0)) {
    const bounds = [graph.integers([0, 0, 0]), graph.integers(kernelOf(info)), graph.integers([2, 3, 4])];
    value = graph.emit('Slice', [value, ...bounds], shape, 'float32');
  }
  return { shape: info.filterShape, order: [3, 4, 0, 1, 2], value };
};

const poolingOf = (shape: readonly number[], attrs: PoolAttributes): Pooling => {
  const info = poolInfo(shape, attrs);
  return {
    order: NCDHW,
    inShape: info.inShape,
    outShape: info.outShape,
    kernel: kernelOf(info),
    strides: stridesOf(info),
    ...windowOf(info),
  };
};

const pool =
  (operator: 'AveragePool' | 'MaxPool'): Lowering =>
  ({ x }: { x: Traced }, attrs: PoolAttributes, context) =>
    pooled(context, operator, x, poolingOf(x.shape, attrs));

const maxPoolGradient: Lowering = ({ dy, input }: { dy: Traced; input: Traced }, attrs: PoolAttributes, context) =>
  maximumGradient(context, dy, input, poolingOf(input.shape, attrs));

const averagePoolGradient: Lowering = ({ dy, input }: { dy: Traced; input: Traced }, attrs: PoolAttributes, context) =>
  averageGradient(context, dy, poolingOf(input.shape, attrs));

export const volumeLowerings: LoweringTable = {
  Conv3D: conv3D,
  Conv3DBackpropInputV2: conv3DInputGradient,
  Conv3DBackpropFilterV2: conv3DFilterGradient,
  AvgPool3D: pool('AveragePool'),
  AvgPool3DGrad: averagePoolGradient,
  MaxPool3D: pool('MaxPool'),
  MaxPool3DGrad: maxPoolGradient,
};
