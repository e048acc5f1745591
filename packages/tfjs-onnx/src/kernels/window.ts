import type { backend_util } from '@tensorflow/tfjs-core';

/** TF.js's description of a 2-D convolution x [N,H,W,I] * filter [kh,kw,I,O] -> y [N,h,w,O], or of a 2-D pooling. */
export type ConvolutionInfo = backend_util.Conv2DInfo;

/** How the window of a convolution or a pooling slides over its input, in ONNX's terms. */
export interface Window {
  /** ONNX's order: top, left, bottom, right. */
  readonly pads: readonly number[];
  /** Rows and columns at the end that no window covers, because the stride does not fit; fewer than the stride. */
  readonly unreached: readonly [number, number];
}

/**
 * Padding with which ONNX computes exactly the output size that TF.js chose, however that was rounded. Padding that no
 * window reads is dropped.
 *
 * @throws Error if TF.js chose an output smaller than the windows that fit. It does so when the padding is a number,
 * because it then uses the height of the filter and of the stride for both axes.
 */
export function windowOf(info: ConvolutionInfo): Window {
  const { padInfo } = info;
  const axis = (input: number, output: number, stride: number, size: number, before: number) =>
    (output - 1) * stride + size - input - before;
  const bottom = axis(info.inHeight, info.outHeight, info.strideHeight, info.effectiveFilterHeight, padInfo.top);
  const right = axis(info.inWidth, info.outWidth, info.strideWidth, info.effectiveFilterWidth, padInfo.left);
  if (-bottom >= info.strideHeight || -right >= info.strideWidth)
    throw new Error(
      `TF.js cuts the output to [${info.outHeight},${info.outWidth}], which ONNX cannot; legal: 'same', 'valid', explicit padding, or a number with a square filter and equal strides`,
    );
  return {
    pads: [padInfo.top, padInfo.left, Math.max(bottom, 0), Math.max(right, 0)],
    unreached: [Math.max(-bottom, 0), Math.max(-right, 0)],
  };
}

/**
 * The convolution of the input with the gradient, dilated by the stride and with the dilation as its stride, gives the gradient of the
 * filter: its padding and its size [height, width], which can be larger than the filter's.
 */
export function filterGradientWindow(info: ConvolutionInfo): { pads: readonly number[]; size: [number, number] } {
  const { pads } = windowOf(info);
  const [top, left, bottom, right] = pads as [number, number, number, number];
  const axis = (input: number, output: number, stride: number, dilation: number) =>
    Math.floor((input - (output - 1) * stride - 1) / dilation) + 1;
  return {
    pads,
    size: [
      axis(info.inHeight + top + bottom, info.outHeight, info.strideHeight, info.dilationHeight),
      axis(info.inWidth + left + right, info.outWidth, info.strideWidth, info.dilationWidth),
    ],
  };
}
