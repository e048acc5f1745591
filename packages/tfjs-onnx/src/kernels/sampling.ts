/** @module Pictures sampled at other places: crops, turns, mirrors, blocks of pixels as batches; normalisation across channels. */
import { backend_util, util } from '@tensorflow/tfjs-core';
import { materialise, NCHW, physicalShape, rowMajor, type Traced } from '../graph/traced.ts';
import { cast, elementwise } from './elementwise.ts';
import type { Lowering, LoweringContext, LoweringTable } from './lowering.ts';
import { pad, reshape, shapeLowerings, slice, transpose } from './shape.ts';

/** Elementwise operators on float32 tensors and numbers. */
const arithmetic = (context: LoweringContext) => {
  const operand = (x: Traced | number): Traced =>
    typeof x === 'number' ? { shape: [], order: [], value: context.graph.scalar(x) } : x;
  return {
    op: (operator: string, ...operands: (Traced | number)[]) => elementwise(context, operator, operands.map(operand)),
    compare: (operator: string, ...operands: (Traced | number)[]) =>
      elementwise(context, operator, operands.map(operand), { type: 'bool' }),
    where: (condition: Traced, t: Traced | number, e: Traced | number) =>
      elementwise(context, 'Where', [condition, operand(t), operand(e)], { type: 'float32' }),
  };
};

interface CropAttributes {
  readonly cropSize: [number, number];
  readonly method: 'bilinear' | 'nearest';
  readonly extrapolationValue: number;
}

/** Boxes [B, 4] of (y1, x1, y2, x2), in parts of the picture, each resized to one size. */
const cropAndResize: Lowering = (
  { image, boxes, boxInd }: { image: Traced; boxes: Traced; boxInd: Traced },
  { cropSize, method, extrapolationValue }: CropAttributes,
  context,
) => {
  const { graph } = context;
  const { op, compare, where } = arithmetic(context);
  const [, height, width, channels] = image.shape as [number, number, number, number];
  const count = boxes.shape[0]!;
  const shape = [count, ...cropSize, channels];
  const edge = (i: number) => slice(context, boxes, [0, i], [count, i + 1]);
  /** Source coordinates [B, size] along an axis. */
  const coordinates = (from: Traced, to: Traced, size: number, input: number): Traced => {
    if (size === 1) return op('Mul', op('Add', from, to), 0.5 * (input - 1));
    const steps = Float32Array.from({ length: size }, (_, i) => i);
    const scale = op('Div', op('Mul', op('Sub', to, from), input - 1), size - 1);
    return op(
      'Add',
      op('Mul', from, input - 1),
      op('Mul', scale, rowMajor(graph.constant(steps, [1, size], 'float32'))),
    );
  };
  const rows = reshape(context, coordinates(edge(0), edge(2), cropSize[0], height), [count, cropSize[0], 1]);
  const columns = reshape(context, coordinates(edge(1), edge(3), cropSize[1], width), [count, 1, cropSize[1]]);
  const within = (x: Traced, size: number) => {
    const inside = [compare('GreaterOrEqual', x, 0), compare('LessOrEqual', x, size - 1)];
    return elementwise(context, 'And', inside, { type: 'bool' });
  };
  const inside = elementwise(context, 'And', [within(rows, height), within(columns, width)], { type: 'bool' });
  const plane = [count, ...cropSize, 1];
  const picture = reshape(context, boxInd, [count, 1, 1]);
  const values = materialise(graph, cast(context, image, 'float32'));
  const pixels = (y: Traced, x: Traced): Traced => {
    const bounded = (coordinate: Traced, size: number) =>
      cast(context, op('Min', op('Max', coordinate, 0), size - 1), 'int64');
    const parts = [cast(context, picture, 'int64'), bounded(y, height), bounded(x, width)].map((part) =>
      materialise(graph, reshape(context, rowMajor(materialise(graph, { ...part, shape: plane.slice(0, 3) })), plane)),
    );
    const indices = graph.emit('Concat', parts, [count, ...cropSize, 3], 'int64', { axis: 3 });
    return rowMajor(graph.emit('GatherND', [values, indices], shape, 'float32'));
  };
  const floor = (x: Traced) => op('Floor', x);
  let result: Traced;
  if (method === 'nearest') {
    const round = (x: Traced) => floor(op('Add', x, 0.5));
    result = pixels(round(rows), round(columns));
  } else {
    const [top, left] = [floor(rows), floor(columns)];
    const [bottom, right] = [op('Ceil', rows), op('Ceil', columns)];
    const across = reshape(context, op('Sub', columns, left), [count, 1, cropSize[1], 1]);
    const down = reshape(context, op('Sub', rows, top), [count, cropSize[0], 1, 1]);
    const mix = (a: Traced, b: Traced, part: Traced) => op('Add', a, op('Mul', op('Sub', b, a), part));
    const upper = mix(pixels(top, left), pixels(top, right), across);
    result = mix(upper, mix(pixels(bottom, left), pixels(bottom, right), across), down);
  }
  return where(reshape(context, inside, plane), result, extrapolationValue);
};

interface RotateAttributes {
  readonly radians: number;
  readonly fillValue: number | [number, number, number];
  readonly center: number | [number, number];
}

/** Pictures turned about a point; each pixel is the nearest one of the source, or the fill. */
const rotate: Lowering = ({ image }: { image: Traced }, { radians, fillValue, center }: RotateAttributes, context) => {
  const { graph } = context;
  const [N, height, width, channels] = image.shape as [number, number, number, number];
  const [centerX, centerY] = backend_util.getImageCenter(center, height, width);
  const [sine, cosine] = [Math.sin(radians), Math.cos(radians)];
  const outside = height * width;
  const indices = Int32Array.from({ length: outside }, (_, i) => {
    const [x, y] = [(i % width) - centerX, Math.floor(i / width) - centerY];
    const column = Math.round(x * cosine - y * sine + centerX);
    const row = Math.round(x * sine + y * cosine + centerY);
    return column >= 0 && column < width && row >= 0 && row < height ? row * width + column : outside;
  });
  const { type } = image.value;
  const fills = Array.from({ length: channels }, (_, channel) =>
    typeof fillValue === 'number' ? fillValue : channel === 3 ? 255 : fillValue[channel]!,
  );
  const array = type === 'int32' ? Int32Array.from(fills) : Float32Array.from(fills);
  const fill = materialise(graph, {
    ...rowMajor(graph.constant(array, [1, 1, channels], type)),
    shape: [N, 1, channels],
  });
  const pixels = materialise(graph, reshape(context, image, [N, outside, channels]));
  const extended = graph.emit('Concat', [pixels, fill], [N, outside + 1, channels], type, { axis: 1 });
  const chosen = graph.constant(indices, [outside], 'int32');
  const turned = graph.emit('Gather', [extended, chosen], [N, outside, channels], type, { axis: 1 });
  return reshape(context, rowMajor(turned), image.shape);
};

const batchToSpace: Lowering = (
  { x }: { x: Traced },
  { blockShape, crops }: { blockShape: number[]; crops: number[][] },
  context,
) => {
  const size = util.sizeFromShape(blockShape);
  const shape = x.shape as number[];
  const blocks = reshape(context, x, backend_util.getReshaped(shape, blockShape, size));
  const moved = transpose(blocks, backend_util.getPermuted(blocks.shape.length, blockShape.length));
  const whole = reshape(context, moved, backend_util.getReshapedPermuted(shape, blockShape, size));
  const starts = backend_util.getSliceBeginCoords(crops, blockShape.length);
  const sizes = backend_util.getSliceSize(whole.shape as number[], crops, blockShape.length);
  const from = whole.shape.map((_, axis) => starts[axis] ?? 0);
  return slice(
    context,
    whole,
    from,
    whole.shape.map((dimension, axis) => from[axis]! + (sizes[axis] ?? dimension)),
  );
};

const spaceToBatch: Lowering = (
  { x }: { x: Traced },
  { blockShape, paddings }: { blockShape: number[]; paddings: [number, number][] },
  context,
) => {
  const size = util.sizeFromShape(blockShape);
  const all = x.shape.map((_, axis): [number, number] => paddings[axis - 1] ?? [0, 0]);
  const padded = all.some(([before, after]) => before + after > 0) ? pad(context, x, all, 'constant') : x;
  const shape = padded.shape as number[];
  const blocks = reshape(context, padded, backend_util.getReshaped(shape, blockShape, size, false));
  const moved = transpose(blocks, backend_util.getPermuted(blocks.shape.length, blockShape.length, false));
  return reshape(context, moved, backend_util.getReshapedPermuted(shape, blockShape, size, false));
};

interface ResponseAttributes {
  readonly depthRadius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
}

/** x / (bias + alpha · sum of squares of 2r + 1 neighbouring channels)^beta; ONNX divides alpha by their number. */
const localResponse: Lowering = (
  { x }: { x: Traced },
  { depthRadius, bias, alpha, beta }: ResponseAttributes,
  { graph },
) => {
  const size = 2 * depthRadius + 1;
  const attributes = { size, bias: { float: bias }, alpha: { float: alpha * size }, beta: { float: beta } };
  const value = graph.emit('LRN', [materialise(graph, x, NCHW)], physicalShape(x.shape, NCHW), 'float32', attributes);
  return { shape: x.shape, order: NCHW, value };
};

/** Sums of 2r + 1 neighbouring channels, as averages of a plane [C, H·W]. */
function channelSums({ graph }: LoweringContext, x: Traced, radius: number): Traced {
  const [N, H, W, C] = x.shape as [number, number, number, number];
  const plane = graph.reshape(materialise(graph, x, NCHW), [N, 1, C, H * W]);
  const averages = graph.emit('AveragePool', [plane], plane.shape, 'float32', {
    kernel_shape: [2 * radius + 1, 1],
    pads: [radius, 0, radius, 0],
    count_include_pad: 1,
  });
  const sums = graph.emit('Mul', [averages, graph.scalar(2 * radius + 1)], plane.shape, 'float32');
  return { shape: x.shape, order: NCHW, value: graph.reshape(sums, physicalShape(x.shape, NCHW)) };
}

const localResponseGradient: Lowering = (
  { x, y, dy }: { x: Traced; y: Traced; dy: Traced },
  { depthRadius, bias, alpha, beta }: ResponseAttributes,
  context,
) => {
  const { op } = arithmetic(context);
  const norm = op('Add', op('Mul', channelSums(context, op('Mul', x, x), depthRadius), alpha), bias);
  const shared = channelSums(context, op('Div', op('Mul', dy, y), norm), depthRadius);
  return op('Sub', op('Mul', dy, op('Pow', norm, -beta)), op('Mul', op('Mul', x, shared), 2 * alpha * beta));
};

export const samplingLowerings: LoweringTable = {
  CropAndResize: cropAndResize,
  RotateWithOffset: rotate,
  FlipLeftRight: ({ image }, _attrs, context) => shapeLowerings['Reverse']!({ x: image }, { dims: [2] }, context),
  BatchToSpaceND: batchToSpace,
  SpaceToBatchND: spaceToBatch,
  LRN: localResponse,
  LRNGrad: localResponseGradient,
};
