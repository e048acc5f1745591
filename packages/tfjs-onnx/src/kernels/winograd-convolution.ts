/**
 * @module The 4x4 convolutions of stride 2 that a DCGAN has, with fewer products (see cook-toom.ts).
 *
 * Pixels 2u + s - 1, s = 0 or 1, are phase s at place u = 0 … H/2; so the convolution is one of stride 1 with a filter of
 * 2x2 taps, and with 4 phases as channels. The output is cut into tiles of m x m, each of which reads n x n places,
 * n = m + 1. Every one of the n² products is a matrix product over all tiles of the batch, [tiles, 4·I] · [4·I, O]. What comes
 * before and after it are constant matrices on the places of all tiles at once, and Gathers that move whole rows of channels.
 *
 * Both gradients are the same sums, transposed. Behind the last tile comes one of zeros, for what lies outside the frame.
 */
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { identityOrder, materialise, type Traced } from '../graph/traced.ts';
import { sizeOf, type Value } from '../graph/types.ts';
import { type CookToom, cookToom, kronecker, type Matrix, transposed } from './cook-toom.ts';
import type { LoweringContext } from './lowering.ts';
import { product } from './product.ts';
import type { ConvolutionInfo } from './window.ts';

/** Tiles of 2x2 outputs need 9 products instead of 16; their factors are 1 and -1. */
const SMALL = cookToom([0, 1]);
/** Tiles of 4x4 outputs need 25 products instead of 64. Of the points tried, these have the smallest rounding errors. */
const LARGE = cookToom([0, -1, 0.5, 2]);
/** With fewer tiles of LARGE in a batch, those of SMALL are as fast and need less memory for the filters. */
const LEAST_LARGE_TILES = 32;

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

/** How the output of a convolution is cut into tiles. */
interface Tiling extends CookToom {
  /** Tiles down and across one picture. */
  readonly down: number;
  readonly across: number;
  /** Tiles of the whole batch, and the one of zeros. */
  readonly tiles: number;
}

function tilingOf({ batchSize, outHeight, outWidth }: ConvolutionInfo): Tiling {
  const cut = (algorithm: CookToom): Tiling => {
    const [down, across] = [outHeight / algorithm.outputs, outWidth / algorithm.outputs];
    return { ...algorithm, down, across, tiles: batchSize * down * across + 1 };
  };
  const large = cut(LARGE);
  const fits = Number.isInteger(large.down) && Number.isInteger(large.across) && large.tiles > LEAST_LARGE_TILES;
  return fits ? large : cut(SMALL);
}

/** Cells (row, column) of a grid of `down` x `across`, row by row. */
const cells = (down: number, across = down): (readonly [number, number])[] =>
  Array.from({ length: down * across }, (_, i) => [Math.floor(i / across), i % across]);

const PHASES = cells(2);

/** Tiles (picture, row, column) of the batch, without the one of zeros. */
const tilesOf = ({ down, across, tiles }: Tiling): (readonly [number, number, number])[] =>
  Array.from({ length: tiles - 1 }, (_, i) => [
    Math.floor(i / (down * across)),
    Math.floor(i / across) % down,
    i % across,
  ]);

/** A matrix [r, c] for all of a batch, or one for each, times `x` [batch, c, rest] -> [batch, r, rest]. */
function apply(graph: GraphBuilder, matrices: readonly Matrix[], x: Value): Value {
  const [rows, columns] = [matrices[0]!.length, matrices[0]![0]!.length];
  const batch = x.shape.slice(0, -2);
  const shape = [...(matrices.length === 1 ? [] : batch), rows, columns];
  const constant = graph.constant(Float32Array.from(matrices.flat(2)), shape, 'float32');
  return graph.emit('MatMul', [constant, x], [...batch, rows, x.shape.at(-1)!], 'float32');
}

/** Rows of channels of the whole batch [N·H·W, C], and a row of zeros. */
function channelRows({ graph }: LoweringContext, x: Traced): Value {
  const [N, H, W, C] = x.shape as [number, number, number, number];
  const rows = graph.reshape(materialise(graph, x, identityOrder(4)), [N * H * W, C]);
  const zeros = graph.constant(new Float32Array(C), [1, C], 'float32');
  return graph.emit('Concat', [rows, zeros], [N * H * W + 1, C], 'float32', { axis: 0 });
}

/** Rows of `rows` [.., C], to be seen in another shape of the same channels. */
function gather(graph: GraphBuilder, rows: Value, indices: readonly number[], shape: readonly number[]): Value {
  const C = rows.shape.at(-1)!;
  const from = graph.reshape(rows, [sizeOf(rows.shape) / C, C]);
  const constant = graph.constant(Int32Array.from(indices), [indices.length], 'int32');
  return graph.reshape(graph.emit('Gather', [from, constant], [indices.length, C], 'float32', { axis: 0 }), shape);
}

/** Left operands of the products made of x: [n², tiles, 4·I]. */
function inputOperands(context: LoweringContext, x: Traced, info: ConvolutionInfo): Value {
  const { graph } = context;
  const { inHeight, inWidth, inChannels } = info;
  const tiling = tilingOf(info);
  const { outputs: m, products: n, tiles } = tiling;
  const outside = info.batchSize * inHeight * inWidth;
  const indices = cells(n).flatMap(([row, column]) => [
    ...tilesOf(tiling).flatMap(([picture, down, across]) =>
      PHASES.map(([phaseRow, phaseColumn]) => {
        const y = 2 * (m * down + row) + phaseRow - 1;
        const x = 2 * (m * across + column) + phaseColumn - 1;
        const inside = y >= 0 && y < inHeight && x >= 0 && x < inWidth;
        return inside ? (picture * inHeight + y) * inWidth + x : outside;
      }),
    ),
    ...PHASES.map(() => outside),
  ]);
  const places = gather(graph, channelRows(context, x), indices, [n * n, tiles * 4 * inChannels]);
  const operands = apply(graph, [kronecker(tiling.input, tiling.input)], places);
  return graph.reshape(operands, [n * n, tiles, 4 * inChannels]);
}

/** Left operands of the products made of the output's gradient: [n², tiles, O]. */
function gradientOperands(context: LoweringContext, dy: Traced, info: ConvolutionInfo): Value {
  const { graph } = context;
  const { outHeight, outWidth, outChannels } = info;
  const tiling = tilingOf(info);
  const { outputs: m, products: n, tiles } = tiling;
  const indices = cells(m).flatMap(([row, column]) => [
    ...tilesOf(tiling).map(
      ([picture, down, across]) => (picture * outHeight + m * down + row) * outWidth + m * across + column,
    ),
    info.batchSize * outHeight * outWidth,
  ]);
  const pixels = gather(graph, channelRows(context, dy), indices, [m * m, tiles * outChannels]);
  const spread = transposed(tiling.output);
  return graph.reshape(apply(graph, [kronecker(spread, spread)], pixels), [n * n, tiles, outChannels]);
}

/** The filter [4, 4, I, O] with axes in the order of `permutation`, of: tap row, phase row, tap column, phase column, I·O. */
function phased(
  { graph }: LoweringContext,
  filter: Traced,
  { inChannels, outChannels }: ConvolutionInfo,
  permutation: readonly number[],
): Value {
  const size = inChannels * outChannels;
  return graph.transpose(graph.reshape(materialise(graph, filter, identityOrder(4)), [2, 2, 2, 2, size]), permutation);
}

/** Axes of `phased`. The first is its own inverse. */
const TAPS_FIRST = [0, 2, 1, 3, 4];
const PHASES_FIRST = [1, 3, 0, 2, 4];

/** x [N,H,W,I] * filter [4,4,I,O] -> y [N,H/2,W/2,O], in logical shapes. */
export function winogradConv2D(context: LoweringContext, x: Traced, filter: Traced, info: ConvolutionInfo): Traced {
  const { graph } = context;
  const { batchSize, inChannels, outHeight, outWidth, outChannels } = info;
  const tiling = tilingOf(info);
  const { outputs: m, products: n, down, across, tiles } = tiling;
  const taps = graph.reshape(phased(context, filter, info, TAPS_FIRST), [4, 4 * inChannels * outChannels]);
  const filters = apply(graph, [kronecker(tiling.filter, tiling.filter)], taps);
  const products = product(
    context,
    'MatMul',
    [inputOperands(context, x, info), graph.reshape(filters, [n * n, 4 * inChannels, outChannels])],
    [n * n, tiles, outChannels],
  );
  const outputs = apply(
    graph,
    [kronecker(tiling.output, tiling.output)],
    graph.reshape(products, [n * n, tiles * outChannels]),
  );
  const indices = Array.from({ length: batchSize }, (_, picture) =>
    cells(outHeight, outWidth).map(([y, x]) => {
      const tile = (picture * down + Math.floor(y / m)) * across + Math.floor(x / m);
      return (m * (y % m) + (x % m)) * tiles + tile;
    }),
  ).flat();
  const value = gather(graph, graph.reshape(outputs, [m * m * tiles, outChannels]), indices, info.outShape);
  return { shape: info.outShape, order: identityOrder(4), value };
}

/**
 * Along one axis, what a tile makes of one phase: m of its n places. Neighbouring tiles share a place, the last of one and the
 * first of the next; to either the other tile adds a multiple of one product.
 */
interface Side {
  /** [m, n + 1]: factors of the tile's own products, and of the neighbour's. */
  readonly factors: Matrix;
  /** Which product the neighbour adds, and which tile that is, as a distance. */
  readonly product: number;
  readonly neighbour: 1 | -1;
}

/** Of phase 0 the first place of the picture lies outside the frame, of phase 1 the last. */
function sidesOf({ input, outputs: m }: CookToom): readonly [Side, Side] {
  const places = transposed(input);
  const withNeighbour = (own: Matrix, shared: number, factor: number) =>
    own.map((row, i) => [...row, i === shared ? factor : 0]);
  return [
    { factors: withNeighbour(places.slice(1), m - 1, places[0]![0]!), product: 0, neighbour: 1 },
    { factors: withNeighbour(places.slice(0, m), 0, places[m]![m]!), product: m, neighbour: -1 },
  ];
}

/** dy [N,H/2,W/2,O] -> gradient of the input [N,H,W,I]. */
export function winogradConv2DInputGradient(
  context: LoweringContext,
  dy: Traced,
  filter: Traced,
  info: ConvolutionInfo,
): Traced {
  const { graph } = context;
  const { inChannels, outChannels } = info;
  const tiling = tilingOf(info);
  const { outputs: m, products: n, tiles } = tiling;
  const taps = graph.reshape(phased(context, filter, info, PHASES_FIRST), [4, 4, inChannels * outChannels]);
  const filters = graph.reshape(apply(graph, [kronecker(tiling.filter, tiling.filter)], taps), [
    4,
    n * n,
    inChannels,
    outChannels,
  ]);
  const products = product(
    context,
    'MatMul',
    [
      graph.reshape(gradientOperands(context, dy, info), [1, n * n, tiles, outChannels]),
      graph.transpose(filters, [0, 1, 3, 2]),
    ],
    [4, n * n, tiles, inChannels],
  );

  const sides = sidesOf(tiling);
  const columns = cells(n + 1);
  const isOwn = ([row, column]: readonly [number, number]) => row < n && column < n;
  const factors = PHASES.map(([row, column]) => kronecker(sides[row]!.factors, sides[column]!.factors));
  const ofProducts = (own: boolean) =>
    factors.map((matrix) => matrix.map((line) => line.filter((_, i) => isOwn(columns[i]!) === own)));
  const shared = gather(graph, products, sharedProducts(tiling, sides), [4, 2 * n + 1, tiles * inChannels]);
  const own = graph.reshape(products, [4, n * n, tiles * inChannels]);
  const pixels = graph.emit(
    'Add',
    [apply(graph, ofProducts(true), own), apply(graph, ofProducts(false), shared)],
    [4, m * m, tiles * inChannels],
    'float32',
  );
  const rows = graph.reshape(pixels, [4 * m * m * tiles, inChannels]);
  const value = gather(graph, rows, pixelRows(tiling, info), info.inShape);
  return { shape: info.inShape, order: identityOrder(4), value };
}

/** Rows of the products [4, n², tiles] that tiles take from their neighbours: [4, 2n + 1, tiles]. */
function sharedProducts(tiling: Tiling, sides: readonly [Side, Side]): number[] {
  const { products: n, down, across, tiles } = tiling;
  const taken = (k: number, { product, neighbour }: Side) =>
    k < n ? { product: k, by: 0 } : { product, by: neighbour };
  return PHASES.flatMap(([phaseRow, phaseColumn], phase) =>
    cells(n + 1)
      .filter(([row, column]) => row === n || column === n)
      .flatMap(([row, column]) => {
        const [vertical, horizontal] = [taken(row, sides[phaseRow]!), taken(column, sides[phaseColumn]!)];
        const first = ((phase * n + vertical.product) * n + horizontal.product) * tiles;
        const zeros = first + tiles - 1;
        const rows = tilesOf(tiling).map(([picture, tileRow, tileColumn]) => {
          const [y, x] = [tileRow + vertical.by, tileColumn + horizontal.by];
          const inside = y >= 0 && y < down && x >= 0 && x < across;
          return inside ? first + (picture * down + y) * across + x : zeros;
        });
        return [...rows, zeros];
      }),
  );
}

/** Where the pixels of the batch are among the places made, [4, m², tiles]. */
function pixelRows({ outputs: m, down, across, tiles }: Tiling, info: ConvolutionInfo): number[] {
  const at = (pixel: number) => {
    const phase = (pixel + 1) % 2;
    // Of phase 0 the first place that is made is place 1.
    const place = (pixel + 1 - phase) / 2 - (1 - phase);
    return { phase, tile: Math.floor(place / m), within: place % m };
  };
  return Array.from({ length: info.batchSize }, (_, picture) =>
    cells(info.inHeight, info.inWidth).map(([y, x]) => {
      const [row, column] = [at(y), at(x)];
      const place = ((2 * row.phase + column.phase) * m + row.within) * m + column.within;
      return place * tiles + (picture * down + row.tile) * across + column.tile;
    }),
  ).flat();
}

/** x [N,H,W,I], dy [N,H/2,W/2,O] -> gradient of the filter [4,4,I,O]. */
export function winogradConv2DFilterGradient(
  context: LoweringContext,
  x: Traced,
  dy: Traced,
  info: ConvolutionInfo,
): Traced {
  const { graph } = context;
  const { inChannels, outChannels } = info;
  const tiling = tilingOf(info);
  const n = tiling.products;
  const size = inChannels * outChannels;
  const products = product(
    context,
    'MatMul',
    [graph.transpose(inputOperands(context, x, info), [0, 2, 1]), gradientOperands(context, dy, info)],
    [n * n, 4 * inChannels, outChannels],
  );
  const narrow = transposed(tiling.filter);
  const taps = apply(graph, [kronecker(narrow, narrow)], graph.reshape(products, [n * n, 4 * size]));
  const value = graph.transpose(graph.reshape(taps, [2, 2, 2, 2, size]), TAPS_FIRST);
  return { shape: info.filterShape, order: identityOrder(4), value: graph.reshape(value, info.filterShape) };
}
