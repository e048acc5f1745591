import { materialise, NCHW, physicalShape, type Traced } from '../graph/traced.ts';
import type { Value } from '../graph/types.ts';
import { cast } from './elementwise.ts';
import type { Lowering, LoweringContext, LoweringTable } from './lowering.ts';

interface ResizeAttributes {
  alignCorners: boolean;
  halfPixelCenters: boolean;
  size: [number, number];
}

/** Source coordinate of a target pixel, as TensorFlow defines it. */
function sourceCoordinate(
  target: number,
  input: number,
  output: number,
  { alignCorners, halfPixelCenters }: ResizeAttributes,
): number {
  if (alignCorners && output > 1) return (target * (input - 1)) / (output - 1);
  const scale = input / output;
  return halfPixelCenters ? (target + 0.5) * scale - 0.5 : target * scale;
}

/** Source index of each target pixel. */
const nearestIndices = (input: number, output: number, attrs: ResizeAttributes): Int32Array =>
  Int32Array.from({ length: output }, (_, target) => {
    const scale = attrs.alignCorners && output > 1 ? (input - 1) / (output - 1) : input / output;
    const source = attrs.halfPixelCenters ? scale * (target + 0.5) : scale * target;
    return Math.min(attrs.alignCorners ? Math.round(source) : Math.floor(source), input - 1);
  });

/** Interpolation along one axis as a matrix [output, input]; rows sum to 1. */
function interpolationMatrix(
  mode: 'nearest' | 'bilinear',
  input: number,
  output: number,
  attrs: ResizeAttributes,
): Float32Array {
  const matrix = new Float32Array(output * input);
  if (mode === 'nearest') {
    for (const [row, column] of nearestIndices(input, output, attrs).entries()) matrix[row * input + column] = 1;
    return matrix;
  }
  const clamp = (index: number) => Math.min(Math.max(index, 0), input - 1);
  for (let row = 0; row < output; row++) {
    const source = Math.max(0, sourceCoordinate(row, input, output, attrs));
    const low = clamp(Math.floor(source));
    const fraction = source - Math.floor(source);
    matrix[row * input + low]! += 1 - fraction;
    matrix[row * input + clamp(low + 1)]! += fraction;
  }
  return matrix;
}

/** Resize is separable: rows · x · columns^T on NCHW. Transposed, the same two products are its gradient. */
function separable(
  { graph }: LoweringContext,
  x: Traced,
  rows: Float32Array,
  columns: Float32Array,
  height: number,
  width: number,
  gradient: boolean,
): Traced {
  const [N, H, W, C] = x.shape as [number, number, number, number];
  const transpose = (matrix: Float32Array, r: number, c: number) =>
    Float32Array.from({ length: r * c }, (_, i) => matrix[(i % r) * c + Math.floor(i / r)]!);
  const left = graph.constant(gradient ? transpose(rows, H, height) : rows, [height, H], 'float32');
  const right = graph.constant(gradient ? columns : transpose(columns, width, W), [W, width], 'float32');
  const tall = graph.emit('MatMul', [left, materialise(graph, x, NCHW)], [N, C, height, W], 'float32');
  const value = graph.emit('MatMul', [tall, right], [N, C, height, width], 'float32');
  return { shape: [N, height, width, C], order: NCHW, value };
}

/** Whole-number enlargement of nearest pixels, without alignment: every pixel becomes a block. */
function blockFactor(
  input: readonly number[],
  output: readonly number[],
  { alignCorners }: ResizeAttributes,
): [number, number] | undefined {
  const factor = output.map((size, i) => size / input[i]!);
  return !alignCorners && factor.every((f) => Number.isInteger(f) && f > 0) ? [factor[0]!, factor[1]!] : undefined;
}

const resizeNearest: Lowering = ({ images }: { images: Traced }, attrs: ResizeAttributes, context) => {
  const { graph } = context;
  const [N, H, W, C] = images.shape as [number, number, number, number];
  const [height, width] = attrs.size;
  const factor = blockFactor([H, W], attrs.size, attrs);
  const { type } = images.value;
  const input = materialise(graph, images, NCHW);
  const shape = [N, height, width, C];
  if (!factor) {
    const choose = (value: Value, axis: number, indices: Int32Array) => {
      const wide = value.shape.map((dimension, i) => (i === axis ? indices.length : dimension));
      const chosen = graph.constant(indices, [indices.length], 'int32');
      return graph.emit('Gather', [value, chosen], wide, type, { axis });
    };
    const rows = choose(input, 2, nearestIndices(H, height, attrs));
    return { shape, order: NCHW, value: choose(rows, 3, nearestIndices(W, width, attrs)) };
  }
  const scales = graph.constant(Float32Array.of(1, 1, ...factor), [4], 'float32');
  const value = graph.emit('Resize', [input, null, scales], physicalShape(shape, NCHW), type, {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  });
  return { shape, order: NCHW, value };
};

const resizeNearestGradient: Lowering = (
  { images, dy }: { images: Traced; dy: Traced },
  attrs: ResizeAttributes,
  context,
) => {
  const { graph } = context;
  const [N, H, W, C] = images.shape as [number, number, number, number];
  const [, height, width] = dy.shape as [number, number, number, number];
  const factor = blockFactor([H, W], [height, width], attrs);
  if (!factor) {
    const rows = interpolationMatrix('nearest', H, height, attrs);
    return separable(context, dy, rows, interpolationMatrix('nearest', W, width, attrs), H, W, true);
  }
  // The sum over each block is its average times its size.
  const average = graph.emit('AveragePool', [materialise(graph, dy, NCHW)], [N, C, H, W], 'float32', {
    kernel_shape: factor,
    strides: factor,
  });
  const value = graph.emit('Mul', [average, graph.scalar(factor[0] * factor[1])], [N, C, H, W], 'float32');
  return { shape: [N, H, W, C], order: NCHW, value };
};

const bilinear =
  (gradient: boolean): Lowering =>
  ({ images, dy }: { images: Traced; dy?: Traced }, attrs: ResizeAttributes, context) => {
    const [, H, W] = images.shape as [number, number, number, number];
    const [height, width] = gradient ? [dy!.shape[1]!, dy!.shape[2]!] : attrs.size;
    const rows = interpolationMatrix('bilinear', H, height, attrs);
    const columns = interpolationMatrix('bilinear', W, width, attrs);
    return gradient
      ? separable(context, dy!, rows, columns, H, W, true)
      : separable(context, cast(context, images, 'float32'), rows, columns, height, width, false);
  };

/** Blocks of channels to pixels, as tf.depthToSpace lays them out (DCR). */
const depthToSpace: Lowering = ({ x }: { x: Traced }, { blockSize }, { graph }) => {
  const [N, H, W, C] = x.shape as [number, number, number, number];
  const shape = [N, H * blockSize, W * blockSize, C / blockSize ** 2];
  const value = graph.emit('DepthToSpace', [materialise(graph, x, NCHW)], physicalShape(shape, NCHW), x.value.type, {
    blocksize: blockSize,
    mode: 'DCR',
  });
  return { shape, order: NCHW, value };
};

export const imageLowerings: LoweringTable = {
  ResizeNearestNeighbor: resizeNearest,
  ResizeNearestNeighborGrad: resizeNearestGradient,
  ResizeBilinear: bilinear(false),
  ResizeBilinearGrad: bilinear(true),
  DepthToSpace: depthToSpace,
};
