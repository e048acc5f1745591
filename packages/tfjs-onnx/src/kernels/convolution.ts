import { backend_util } from '@tensorflow/tfjs-core';
import { materialise, NCHW, OIHW, physicalShape, rowMajor, type Traced } from '../graph/traced.ts';
import { sameShape, type Value } from '../graph/types.ts';
import { elementwise } from './elementwise.ts';
import { moveScaleIntoFilter } from './folded-scale.ts';
import { gemmConv2D, gemmConv2DFilterGradient, gemmConv2DInputGradient, suitsGemm } from './gemm-convolution.ts';
import type { Lowering, LoweringContext, LoweringTable } from './lowering.ts';
import { activate, matMul } from './matmul.ts';
import { product } from './product.ts';
import { reshape, slice, transpose } from './shape.ts';
import { type ConvolutionInfo, filterGradientWindow, windowOf } from './window.ts';
import {
  suitsWinograd,
  winogradConv2D,
  winogradConv2DFilterGradient,
  winogradConv2DInputGradient,
} from './winograd-convolution.ts';

type ConvolutionAttributes = {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dilations?: [number, number] | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  dataFormat?: string;
};

const NHWC_OF_NCHW = [0, 2, 3, 1];
const NCHW_OF_NHWC = [0, 3, 1, 2];

/** A convolution of NCHW tensors as one of their NHWC views, in which nothing moves. Other attributes stay as they are. */
export function channelsFirst<T extends { dataFormat?: string; pad: ConvolutionAttributes['pad'] }>(
  attrs: T,
  tensors: readonly Traced[],
  lower: (attrs: T, tensors: readonly Traced[]) => Traced,
): Traced {
  if (attrs.dataFormat !== 'NCHW') return lower(attrs, tensors);
  const views = tensors.map((tensor) => transpose(tensor, NHWC_OF_NCHW));
  return transpose(lower(channelsLast(attrs), views), NCHW_OF_NHWC);
}

/** The attributes for NHWC; explicit padding is given for each axis. */
function channelsLast<T extends { dataFormat?: string; pad: ConvolutionAttributes['pad'] }>(attrs: T): T {
  const { pad } = attrs;
  return { ...attrs, dataFormat: 'NHWC', pad: Array.isArray(pad) ? NHWC_OF_NCHW.map((axis) => pad[axis]!) : pad };
}

/** What TF.js computes from the attributes of a convolution, or of a depthwise one, on NHWC. */
export function convolutionInfo(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: ConvolutionAttributes,
  depthwise = false,
): ConvolutionInfo {
  return backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    depthwise,
    'channelsLast',
  );
}

const nchw = (context: LoweringContext, x: Traced): Value => materialise(context.graph, x, NCHW);
const oihw = (context: LoweringContext, filter: Traced): Value => materialise(context.graph, filter, OIHW);
const fromNchw = (value: Value, shape: readonly number[]): Traced => ({ shape, order: NCHW, value });

/** Whether the filter covers the whole input at once. Then the convolution is a matrix product, [N, I·kh·kw] · [O, I·kh·kw]^T. */
const coversInput = (info: ConvolutionInfo): boolean =>
  info.outHeight === 1 &&
  info.outWidth === 1 &&
  info.inHeight === info.filterHeight &&
  info.inWidth === info.filterWidth &&
  windowOf(info).pads.every((pad) => pad === 0) &&
  info.dilationHeight === 1 &&
  info.dilationWidth === 1;

/** Whether the filter is 1x1 and meets every pixel: a matrix product over the channels. */
const isPointwise = (info: ConvolutionInfo): boolean =>
  info.filterHeight === 1 &&
  info.filterWidth === 1 &&
  info.strideHeight === 1 &&
  info.strideWidth === 1 &&
  windowOf(info).pads.every((pad) => pad === 0);

/**
 * Whether to multiply matrices on NHWC. Pointwise convolutions between depthwise ones, which are computed on NCHW, stay there:
 * otherwise every second operator would be a Transpose.
 */
const asGemm = (context: LoweringContext, operand: Traced, info: ConvolutionInfo): boolean =>
  context.convolution === 'gemm' && suitsGemm(info) && !(isPointwise(info) && sameShape(operand.order, NCHW));

const flattened = (info: ConvolutionInfo) => info.inChannels * info.filterHeight * info.filterWidth;
const rows = (context: LoweringContext, value: Value, count: number, size: number) =>
  rowMajor(context.graph.reshape(value, [count, size]));

/** x [N,H,W,I] * filter [kh,kw,I,O] -> y [N,h,w,O], in logical shapes. */
export function conv2D(context: LoweringContext, x: Traced, filter: Traced, info: ConvolutionInfo): Traced {
  if (context.convolution === 'gemm' && suitsWinograd(info)) return winogradConv2D(context, x, filter, info);
  if (asGemm(context, x, info)) return gemmConv2D(context, x, filter, info);
  if (coversInput(info)) {
    const size = flattened(info);
    const covered = matMul(
      context,
      rows(context, nchw(context, x), info.batchSize, size),
      rows(context, oihw(context, filter), info.outChannels, size),
      false,
      true,
    );
    return reshape(context, covered, info.outShape);
  }
  const value = product(
    context,
    'Conv',
    [nchw(context, x), oihw(context, filter)],
    physicalShape(info.outShape, NCHW),
    {
      kernel_shape: [info.filterHeight, info.filterWidth],
      strides: [info.strideHeight, info.strideWidth],
      dilations: [info.dilationHeight, info.dilationWidth],
      pads: windowOf(info).pads,
    },
  );
  return fromNchw(value, info.outShape);
}

/** dy [N,h,w,O] -> gradient of the input [N,H,W,I]. It is also the forward pass of a transposed convolution. */
function conv2DInputGradient(
  context: LoweringContext,
  scaledDy: Traced,
  unscaledFilter: Traced,
  info: ConvolutionInfo,
): Traced {
  const { graph } = context;
  const { dy, filter } = moveScaleIntoFilter(graph, scaledDy, unscaledFilter, OIHW);
  if (context.convolution === 'gemm' && suitsWinograd(info))
    return winogradConv2DInputGradient(context, dy, filter, info);
  if (asGemm(context, dy, info)) return gemmConv2DInputGradient(context, dy, filter, info);
  if (coversInput(info)) {
    const gradient = matMul(
      context,
      reshape(context, dy, [info.batchSize, info.outChannels]),
      rows(context, oihw(context, filter), info.outChannels, flattened(info)),
    );
    return fromNchw(graph.reshape(gradient.value, physicalShape(info.inShape, NCHW)), info.inShape);
  }
  const { pads, unreached } = windowOf(info);
  const value = product(
    context,
    'ConvTranspose',
    [nchw(context, dy), oihw(context, filter)],
    physicalShape(info.inShape, NCHW),
    {
      kernel_shape: [info.filterHeight, info.filterWidth],
      strides: [info.strideHeight, info.strideWidth],
      dilations: [info.dilationHeight, info.dilationWidth],
      pads,
      ...(unreached.some((size) => size > 0) ? { output_padding: unreached } : {}),
    },
  );
  return fromNchw(value, info.inShape);
}

/**
 * Gradient of the filter [kh,kw,I,O], as a convolution of the batch-transposed input [I,N,H,W] with the batch-transposed gradient
 * [O,N,h,w] as its kernel, dilated by the stride: -> [I,O,kh,kw].
 */
export function conv2DFilterGradient(context: LoweringContext, x: Traced, dy: Traced, info: ConvolutionInfo): Traced {
  const { graph } = context;
  if (context.convolution === 'gemm' && suitsWinograd(info)) return winogradConv2DFilterGradient(context, x, dy, info);
  if (context.convolution === 'gemm' && suitsGemm(info)) return gemmConv2DFilterGradient(context, x, dy, info);
  if (coversInput(info)) {
    const gradient = matMul(
      context,
      reshape(context, dy, [info.batchSize, info.outChannels]),
      rows(context, nchw(context, x), info.batchSize, flattened(info)),
      true,
    );
    return {
      shape: info.filterShape,
      order: OIHW,
      value: graph.reshape(gradient.value, physicalShape(info.filterShape, OIHW)),
    };
  }
  const { filterShape } = info;
  const input = materialise(graph, x, [3, 0, 1, 2]);
  const kernel = materialise(graph, dy, [3, 0, 1, 2]);
  const { pads, size } = filterGradientWindow(info);
  const [height, width] = size;
  let value = product(context, 'Conv', [input, kernel], [info.inChannels, info.outChannels, height, width], {
    kernel_shape: [info.outHeight, info.outWidth],
    strides: [info.dilationHeight, info.dilationWidth],
    dilations: [info.strideHeight, info.strideWidth],
    pads,
  });
  if (height > info.filterHeight || width > info.filterWidth) {
    value = graph.emit(
      'Slice',
      [value, graph.integers([0, 0]), graph.integers([info.filterHeight, info.filterWidth]), graph.integers([2, 3])],
      [info.inChannels, info.outChannels, info.filterHeight, info.filterWidth],
      'float32',
    );
  }
  return { shape: filterShape, order: [2, 3, 0, 1], value };
}

const fusedConv2D: Lowering = ({ x, filter, bias, preluActivationWeights }, attrs, context) =>
  channelsFirst(attrs, [x], (attributes, [input]) => {
    let result = conv2D(context, input!, filter, convolutionInfo(input!.shape, filter.shape, attributes));
    if (bias) result = elementwise(context, 'Add', [result, perChannel(bias, attrs.dataFormat)]);
    const slopes = preluActivationWeights && perChannel(preluActivationWeights, attrs.dataFormat);
    return activate(context, result, attributes, slopes);
  });

/** A bias or slopes [C, 1, 1] of NCHW as they broadcast to NHWC. */
const perChannel = (x: Traced, dataFormat: string | undefined): Traced =>
  dataFormat === 'NCHW' && x.shape.length === 3 ? transpose(x, [1, 2, 0]) : x;

/** The part of dy that the convolution gives: TF.js passes over what lies outside. @throws Error for a smaller dy. */
function covered(context: LoweringContext, dy: Traced, { outShape }: ConvolutionInfo): Traced {
  if (dy.shape.some((size, axis) => size < outShape[axis]!))
    throw new Error(`dy has shape [${dy.shape}]; legal: [${outShape}]`);
  return slice(
    context,
    dy,
    outShape.map(() => 0),
    outShape,
  );
}

export const convolutionLowerings: LoweringTable = {
  Conv2D: ({ x, filter }, attrs, context) =>
    channelsFirst(attrs as ConvolutionAttributes, [x], (attributes, [input]) =>
      conv2D(context, input!, filter, convolutionInfo(input!.shape, filter.shape, attributes)),
    ),
  Conv2DBackpropInput: ({ dy, filter }, attrs, context) =>
    channelsFirst(attrs as ConvolutionAttributes, [dy], (attributes, [gradient]) => {
      const { inputShape } = attrs as { inputShape: number[] };
      const shape = attrs.dataFormat === 'NCHW' ? physicalShape(inputShape, NHWC_OF_NCHW) : inputShape;
      const info = convolutionInfo(shape, filter.shape, attributes);
      return conv2DInputGradient(context, covered(context, gradient!, info), filter, info);
    }),
  Conv2DBackpropFilter: ({ x, dy }, attrs, context) => {
    const first = attrs.dataFormat === 'NCHW';
    const [input, gradient] = first ? [x, dy].map((one) => transpose(one, NHWC_OF_NCHW)) : [x, dy];
    const info = convolutionInfo(input.shape, attrs.filterShape, first ? channelsLast(attrs) : attrs);
    return conv2DFilterGradient(context, input, gradient, info);
  },
  FusedConv2D: fusedConv2D,
};
