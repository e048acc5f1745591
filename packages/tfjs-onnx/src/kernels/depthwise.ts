import { materialise, NCHW, physicalShape, type Traced } from '../graph/traced.ts';
import type { Value } from '../graph/types.ts';
import { channelsFirst, convolutionInfo } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { moveScaleIntoFilter } from './folded-scale.ts';
import type { Lowering, LoweringContext, LoweringTable } from './lowering.ts';
import { activate } from './matmul.ts';
import { product } from './product.ts';
import { slice } from './shape.ts';
import { type ConvolutionInfo, filterGradientWindow, windowOf } from './window.ts';

/** Physical order of filters [kh,kw,C,M], where input channel c has M output channels, c·M to c·M + M - 1. */
const CMHW: readonly number[] = [2, 3, 0, 1];

/** The filter as ONNX takes it for C groups, [C·M, 1, kh, kw]. */
const grouped = ({ graph }: LoweringContext, filter: Traced, info: ConvolutionInfo): Value =>
  graph.reshape(materialise(graph, filter, CMHW), [info.outChannels, 1, info.filterHeight, info.filterWidth]);

/** x [N,H,W,C] * filter [kh,kw,C,M] -> y [N,h,w,C·M], in logical shapes. */
function depthwiseConv2D(context: LoweringContext, x: Traced, filter: Traced, info: ConvolutionInfo): Traced {
  const operands = [materialise(context.graph, x, NCHW), grouped(context, filter, info)] as const;
  const value = product(context, 'Conv', operands, physicalShape(info.outShape, NCHW), {
    group: info.inChannels,
    kernel_shape: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: windowOf(info).pads,
  });
  return { shape: info.outShape, order: NCHW, value };
}

/** dy [N,h,w,C·M] -> gradient of the input [N,H,W,C]. */
function depthwiseConv2DInputGradient(
  context: LoweringContext,
  scaledDy: Traced,
  unscaledFilter: Traced,
  info: ConvolutionInfo,
): Traced {
  const { graph } = context;
  const { dy, filter } = moveScaleIntoFilter(graph, scaledDy, unscaledFilter, CMHW);
  const shape = physicalShape(info.inShape, NCHW);
  const result = (value: Value): Traced => ({ shape: info.inShape, order: NCHW, value });
  const kernel_shape = [info.filterHeight, info.filterWidth];
  const reach = flippedPads(info);
  if (reach) {
    const operands = [materialise(graph, dy, NCHW), materialise(graph, flipped(context, filter), CMHW)] as const;
    const attributes = { group: info.inChannels, kernel_shape, strides: [1, 1], dilations: [1, 1], pads: reach };
    return result(product(context, 'Conv', operands, shape, attributes));
  }
  // On the CPU, convolutions for each phase of the stride, or of a dy with zeros between its pixels, are no faster.
  const { pads, unreached } = windowOf(info);
  const operands = [materialise(graph, dy, NCHW), grouped(context, filter, info)] as const;
  const value = product(context, 'ConvTranspose', operands, shape, {
    group: info.inChannels,
    kernel_shape,
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads,
    ...(unreached.some((size) => size > 0) ? { output_padding: unreached } : {}),
  });
  return result(value);
}

/**
 * Padding with which the gradient of the input is a convolution of dy with the filter turned by 180°. Undefined if the
 * stride or the dilation is not 1, or if the convolution padded x by more than the filter reaches.
 */
function flippedPads(info: ConvolutionInfo): number[] | undefined {
  const { filterHeight, filterWidth, padInfo } = info;
  if (![info.strideHeight, info.strideWidth, info.dilationHeight, info.dilationWidth].every((step) => step === 1))
    return undefined;
  const [top, left] = [filterHeight - 1 - padInfo.top, filterWidth - 1 - padInfo.left];
  const bottom = info.inHeight - info.outHeight - top + filterHeight - 1;
  const right = info.inWidth - info.outWidth - left + filterWidth - 1;
  const pads = [top, left, bottom, right];
  return pads.every((pad) => pad >= 0) ? pads : undefined;
}

/** The filter turned by 180°. */
function flipped(context: LoweringContext, filter: Traced): Traced {
  const [height, width, channels, multiplier] = filter.shape as [number, number, number, number];
  const stored = { ...filter, order: CMHW, value: materialise(context.graph, filter, CMHW) };
  return slice(context, stored, [height - 1, width - 1, 0, 0], [-1, -1, channels, multiplier], [-1, -1, 1, 1]);
}

/**
 * x [N,H,W,C], dy [N,h,w,C·M] -> gradient of the filter [kh,kw,C,M]: for each channel a convolution over the batch, whose kernel is
 * dy, dilated by the stride.
 */
function depthwiseConv2DFilterGradient(context: LoweringContext, x: Traced, dy: Traced, info: ConvolutionInfo): Traced {
  const { graph } = context;
  const { batchSize: N, inChannels: C, outChannels, outHeight, outWidth, filterHeight, filterWidth } = info;
  const batchLast = [3, 0, 1, 2];
  const input = graph.reshape(materialise(graph, x, batchLast), [1, C * N, info.inHeight, info.inWidth]);
  const { pads, size } = filterGradientWindow(info);
  const whole = product(context, 'Conv', [input, materialise(graph, dy, batchLast)], [1, outChannels, ...size], {
    group: C,
    kernel_shape: [outHeight, outWidth],
    strides: [info.dilationHeight, info.dilationWidth],
    dilations: [info.strideHeight, info.strideWidth],
    pads,
  });
  const multiplier = outChannels / C;
  const stored: Traced = {
    shape: [...size, C, multiplier],
    order: CMHW,
    value: graph.reshape(whole, [C, multiplier, ...size]),
  };
  return slice(context, stored, [0, 0, 0, 0], [filterHeight, filterWidth, C, multiplier]);
}

const fusedDepthwise: Lowering = ({ x, filter, bias, preluActivationWeights }, attrs, context) =>
  channelsFirst(attrs, [x], (attributes, [input]) => {
    const info = convolutionInfo(input!.shape, filter.shape, attributes, true);
    let result = depthwiseConv2D(context, input!, filter, info);
    if (bias) result = elementwise(context, 'Add', [result, bias]);
    return activate(context, result, attributes, preluActivationWeights);
  });

export const depthwiseLowerings: LoweringTable = {
  DepthwiseConv2dNative: ({ x, filter }, attrs, context) =>
    channelsFirst(attrs, [x], (attributes, [input]) =>
      depthwiseConv2D(context, input!, filter, convolutionInfo(input!.shape, filter.shape, attributes, true)),
    ),
  DepthwiseConv2dNativeBackpropInput: ({ dy, filter }, attrs, context) =>
    depthwiseConv2DInputGradient(context, dy, filter, convolutionInfo(attrs.inputShape, filter.shape, attrs, true)),
  DepthwiseConv2dNativeBackpropFilter: ({ x, dy }, attrs, context) =>
    depthwiseConv2DFilterGradient(context, x, dy, convolutionInfo(x.shape, attrs.filterShape, attrs, true)),
  FusedDepthwiseConv2D: fusedDepthwise,
};
