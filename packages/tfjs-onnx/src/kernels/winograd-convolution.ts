/**
 * @module The 4x4 convolutions of stride 2 that a DCGAN has, with 9 products instead of 16 (Winograd 1980; Lavin & Gray 2015,
 * arXiv:1509.09308).
 *
 * Pixels 2u + s of the padded picture, s = 0 or 1, are phase s at place u; so the convolution is one of stride 1 with a
 * filter of 2x2 phases. Along one axis, two outputs y of it read three neighbouring places d:
 *
 *   y0 = d0·g0 + d1·g1 = m0 + m1       m0 = (d0 - d1)·g0
 *   y1 = d1·g0 + d2·g1 = m1 + m2       m1 = d1·(g0 + g1)       m2 = (d2 - d1)·g1
 *
 * and the same along the other axis. Each m is a matrix product over all tiles of the batch, [N·tiles, 4·I] · [4·I, O].
 * Every factor is 1 or -1, so no precision is lost. Both gradients are the transposed sums.
 */
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { identityOrder, materialise, type Traced } from '../graph/traced.ts';
import type { Value } from '../graph/types.ts';
import { gatherRows, withZeroRow } from './gemm-convolution.ts';
import type { LoweringContext } from './lowering.ts';
import { product } from './product.ts';
import type { ConvolutionInfo } from './window.ts';

/** Whether a convolution can be written as here, and is faster that way. */
export function suitsWinograd(info: ConvolutionInfo): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = info;
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  return (
    [filterHeight, filterWidth].every((size) => size === 4) &&
    [strideHeight, strideWidth].every((stride) => stride === 2) &&
    [dilationHeight, dilationWidth].every((dilation) => dilation === 1) &&
    [padInfo.top, padInfo.left].every((pad) => pad === 1) &&
    inHeight === 2 * outHeight &&
    inWidth === 2 * outWidth &&
    outHeight % 2 === 0 &&
    outWidth % 2 === 0 &&
    // With the three channels of a picture the products take little of the time.
    Math.min(inChannels, outChannels) > 3
  );
}

type Grid = readonly (readonly Value[])[];

const add = (graph: GraphBuilder, a: Value, b: Value) => graph.emit('Add', [a, b], a.shape, 'float32');
const subtract = (graph: GraphBuilder, a: Value, b: Value) => graph.emit('Sub', [a, b], a.shape, 'float32');

type Line = (graph: GraphBuilder, values: readonly Value[]) => readonly Value[];
/** Three neighbours -> the left operands of the three products. */
const differences: Line = (graph, [a, b, c]) => [subtract(graph, a!, b!), b!, subtract(graph, c!, b!)];
/** Its transpose. */
const spread: Line = (graph, [a, b, c]) => [a!, subtract(graph, b!, add(graph, a!, c!)), c!];
/** Two elements of a filter, or of an output's gradient -> the right operands of the three products. */
const widen: Line = (graph, [a, b]) => [a!, add(graph, a!, b!), b!];
/** Its transpose. */
const narrow: Line = (graph, [a, b, c]) => [add(graph, a!, b!), add(graph, b!, c!)];

const flip = (grid: Grid): Grid => grid[0]!.map((_, column) => grid.map((row) => row[column]!));

/** Applies `line` along columns, then along rows. */
const alongBoth = (graph: GraphBuilder, grid: Grid, line: Line): Grid =>
  flip(flip(grid).map((column) => line(graph, column))).map((row) => line(graph, row));

const gridOf = (size: number, value: (row: number, column: number) => Value): Grid =>
  Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => value(row, column)));

interface Tiles {
  readonly N: number;
  /** Tiles of 2x2 outputs down and across. */
  readonly down: number;
  readonly across: number;
}

const tilesOf = ({ batchSize, outHeight, outWidth }: ConvolutionInfo): Tiles => ({
  N: batchSize,
  down: outHeight / 2,
  across: outWidth / 2,
});

/** Places (row, column) of a grid of `down` x `across`, row by row. */
const places = (down: number, across: number): (readonly [number, number])[] =>
  Array.from({ length: down * across }, (_, i) => [Math.floor(i / across), i % across]);

const PHASES = places(2, 2);

/** Rows of channels [N,H·W,C]. */
const channelRows = ({ graph }: LoweringContext, x: Traced): Value => {
  const [N, H, W, C] = x.shape as [number, number, number, number];
  return graph.reshape(materialise(graph, x, identityOrder(4)), [N, H * W, C]);
};

/** Operands of the products made of x: 3x3 matrices [N·tiles, 4·I]. */
function inputMatrices(context: LoweringContext, x: Traced, info: ConvolutionInfo): Grid {
  const { graph } = context;
  const { inHeight, inWidth, inChannels } = info;
  const { N, down, across } = tilesOf(info);
  const rows = withZeroRow(graph, channelRows(context, x));
  const neighbours = gridOf(3, (row, column) => {
    const indices = places(down, across).flatMap(([tileRow, tileColumn]) =>
      PHASES.map(([phaseRow, phaseColumn]) => {
        const y = 2 * (2 * tileRow + row) + phaseRow - 1;
        const x = 2 * (2 * tileColumn + column) + phaseColumn - 1;
        return y >= 0 && y < inHeight && x >= 0 && x < inWidth ? y * inWidth + x : inHeight * inWidth;
      }),
    );
    return graph.reshape(gatherRows(graph, rows, Int32Array.from(indices)), [N * down * across, 4 * inChannels]);
  });
  return alongBoth(graph, neighbours, differences);
}

/** Operands of the products made of the filter: 3x3 matrices [4·I, O]. */
function filterMatrices(
  { graph }: LoweringContext,
  filter: Traced,
  { inChannels, outChannels }: ConvolutionInfo,
): Grid {
  const size = inChannels * outChannels;
  const phases = graph.reshape(materialise(graph, filter, identityOrder(4)), [2, 2, 2, 2, size]);
  const taps = graph.emitMany(
    'Split',
    [graph.reshape(graph.transpose(phases, [0, 2, 1, 3, 4]), [4, 4 * size])],
    Array.from({ length: 4 }, () => ({ shape: [1, 4 * size], type: 'float32' })),
    { axis: 0 },
  );
  const pairs = gridOf(2, (row, column) => graph.reshape(taps[2 * row + column]!, [4 * inChannels, outChannels]));
  return alongBoth(graph, pairs, widen);
}

/** Operands of the products made of the output's gradient: 3x3 matrices [N·tiles, O]. */
function gradientMatrices(context: LoweringContext, dy: Traced, info: ConvolutionInfo): Grid {
  const { graph } = context;
  const { N, down, across } = tilesOf(info);
  const rows = channelRows(context, dy);
  const pairs = gridOf(2, (row, column) => {
    const indices = places(down, across).map(
      ([tileRow, tileColumn]) => (2 * tileRow + row) * info.outWidth + 2 * tileColumn + column,
    );
    return graph.reshape(gatherRows(graph, rows, Int32Array.from(indices)), [N * down * across, info.outChannels]);
  });
  return alongBoth(graph, pairs, widen);
}

/** The nine products. */
function multiply(
  context: LoweringContext,
  left: Grid,
  right: Grid,
  shape: readonly [number, number],
  { transA = 0, transB = 0 } = {},
): Grid {
  return gridOf(3, (row, column) =>
    product(context, 'Gemm', [left[row]![column]!, right[row]![column]!], shape, { transA, transB }),
  );
}

/** x [N,H,W,I] * filter [4,4,I,O] -> y [N,H/2,W/2,O], in logical shapes. */
export function winogradConv2D(context: LoweringContext, x: Traced, filter: Traced, info: ConvolutionInfo): Traced {
  const { graph } = context;
  const { N, down, across } = tilesOf(info);
  const C = info.outChannels;
  const products = multiply(context, inputMatrices(context, x, info), filterMatrices(context, filter, info), [
    N * down * across,
    C,
  ]);
  const lines = alongBoth(graph, products, narrow).map((row) =>
    graph.reshape(graph.emit('Concat', row, [N * down * across, 2 * C], 'float32', { axis: 1 }), [
      N * down,
      info.outWidth * C,
    ]),
  );
  const whole = graph.emit('Concat', lines, [N * down, 2 * info.outWidth * C], 'float32', { axis: 1 });
  return { shape: info.outShape, order: identityOrder(4), value: graph.reshape(whole, info.outShape) };
}

/** dy [N,H/2,W/2,O] -> gradient of the input [N,H,W,I]. */
export function winogradConv2DInputGradient(
  context: LoweringContext,
  dy: Traced,
  filter: Traced,
  info: ConvolutionInfo,
): Traced {
  const { graph } = context;
  const { N, down, across } = tilesOf(info);
  const C = info.inChannels;
  const products = multiply(
    context,
    gradientMatrices(context, dy, info),
    filterMatrices(context, filter, info),
    [N * down * across, 4 * C],
    { transB: 1 },
  );
  const neighbours = alongBoth(graph, products, spread);
  // Even places are the first neighbour of one tile and the last of the one before; odd places lie within one tile.
  const [even, odd] = joinNeighbours(graph, neighbours, [N, down, across * 4 * C]);
  const pieces = [even!, odd!].flatMap((row, i) => {
    const rows = down + 1 - i;
    return flip(joinNeighbours(graph, flip([row]), [N * rows, across, 4 * C]))[0]!.map((value, j) => {
      const columns = across + 1 - j;
      return { rows, columns, value: graph.reshape(value, [N, rows * columns * 4, C]) };
    });
  });
  const counts = pieces.map(({ rows, columns }) => rows * columns * 4);
  const total = counts.reduce((sum, count) => sum + count);
  const together = graph.emit(
    'Concat',
    pieces.map(({ value }) => value),
    [N, total, C],
    'float32',
    { axis: 1 },
  );
  const indices = places(info.inHeight, info.inWidth).map(([y, x]) => {
    const [row, column] = [Math.floor((y + 1) / 2), Math.floor((x + 1) / 2)];
    const piece = 2 * (row % 2) + (column % 2);
    const before = counts.slice(0, piece).reduce((sum, count) => sum + count, 0);
    const place = Math.floor(row / 2) * pieces[piece]!.columns + Math.floor(column / 2);
    return before + 4 * place + 2 * ((y + 1) % 2) + ((x + 1) % 2);
  });
  const value = gatherRows(graph, together, Int32Array.from(indices));
  return { shape: info.inShape, order: identityOrder(4), value: graph.reshape(value, info.inShape) };
}

/** Columns of three neighbours [outer, tiles, inner] -> even places [outer, tiles + 1, inner] and odd ones. */
function joinNeighbours(
  graph: GraphBuilder,
  [first, middle, last]: Grid,
  [outer, tiles, inner]: readonly [number, number, number],
): Grid {
  const zeros = graph.emit(
    'Expand',
    [graph.scalar(0), graph.integers([outer, 1, inner])],
    [outer, 1, inner],
    'float32',
  );
  const joined = (parts: readonly Value[]) =>
    graph.emit('Concat', parts, [outer, tiles + 1, inner], 'float32', { axis: 1 });
  const shaped = (value: Value) => graph.reshape(value, [outer, tiles, inner]);
  const even = first!.map((value, i) => add(graph, joined([shaped(value), zeros]), joined([zeros, shaped(last![i]!)])));
  return [even, middle!];
}

/** x [N,H,W,I], dy [N,H/2,W/2,O] -> gradient of the filter [4,4,I,O]. */
export function winogradConv2DFilterGradient(
  context: LoweringContext,
  x: Traced,
  dy: Traced,
  info: ConvolutionInfo,
): Traced {
  const { graph } = context;
  const { inChannels, outChannels, filterShape } = info;
  const size = inChannels * outChannels;
  const products = multiply(
    context,
    inputMatrices(context, x, info),
    gradientMatrices(context, dy, info),
    [4 * inChannels, outChannels],
    { transA: 1 },
  );
  const taps = alongBoth(graph, products, narrow).flat();
  const together = graph.emit('Concat', taps, [16 * inChannels, outChannels], 'float32', { axis: 0 });
  const phases = graph.transpose(graph.reshape(together, [2, 2, 2, 2, size]), [0, 2, 1, 3, 4]);
  return { shape: filterShape, order: identityOrder(4), value: graph.reshape(phases, filterShape) };
}
