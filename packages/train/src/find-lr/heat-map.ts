/** @module The heat map of a search as SVG. */
import { type CellResult, type Grid, type Outcome, rate, recommended } from './grid.ts';

export const outcomeColours: Record<Exclude<Outcome, 'learning'>, string> = {
  stalled: '#8d8d8d',
  collapsed: '#7b3fa0',
  diverged: '#b3261e',
};

/** Greener for lower distance: `share` is 0 at the minimum distance and 1 at the untrained G's. */
const learningColour = (share: number) =>
  `hsl(${Math.round(145 - 75 * share)} ${Math.round(60 - 15 * share)}% ${Math.round(32 + 12 * share)}%)`;

const SIDE = 120;
const MARGIN = { left: 110, top: 70, right: 20, bottom: 60 };

/** Colour of each cell. */
export function cellColours(results: readonly CellResult[]): Map<CellResult, string> {
  const distances = results.filter(({ outcome }) => outcome === 'learning').map(({ distance }) => distance!);
  const [least, reach] = [Math.min(...distances), Math.max(1e-9, 1 - Math.min(...distances))];
  return new Map(
    results.map((cell) => [
      cell,
      cell.outcome === 'learning'
        ? learningColour(Math.min(1, (cell.distance! - least) / reach))
        : outcomeColours[cell.outcome],
    ]),
  );
}

export function heatMapSvg(grid: Grid, results: readonly CellResult[]): string {
  const [columns, rows] = [grid.ratesD.length, grid.ratesG.length];
  const width = MARGIN.left + columns * SIDE + MARGIN.right;
  const height = MARGIN.top + rows * SIDE + MARGIN.bottom;
  const colours = cellColours(results);
  const best = recommended(grid, results);
  const write = (x: number, y: number, words: string, size = 15, more = '') =>
    `<text x="${x}" y="${y}" font-size="${size}" text-anchor="middle" ${more}>${words}</text>`;
  const cells = results.map((cell) => {
    const x = MARGIN.left + grid.ratesD.indexOf(cell.lrD) * SIDE;
    const y = MARGIN.top + grid.ratesG.indexOf(cell.lrG) * SIDE;
    const ring = cell === best ? 'stroke="#111" stroke-width="5"' : 'stroke="#fff" stroke-width="2"';
    const centre = x + SIDE / 2;
    return (
      `<rect x="${x + 3}" y="${y + 3}" width="${SIDE - 6}" height="${SIDE - 6}" rx="8" fill="${colours.get(cell)}" ${ring}/>` +
      write(centre, y + SIDE / 2 - 4, cell.outcome, 16, 'fill="#fff"') +
      write(centre, y + SIDE / 2 + 18, cell.distance === null ? '–' : cell.distance.toPrecision(2), 15, 'fill="#fff"')
    );
  });
  const columnNames = grid.ratesD.map((lr, i) => write(MARGIN.left + (i + 0.5) * SIDE, MARGIN.top - 10, rate(lr)));
  const rowNames = grid.ratesG.map((lr, i) => write(MARGIN.left / 2 + 15, MARGIN.top + (i + 0.5) * SIDE + 5, rate(lr)));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" fill="#222">
<rect width="${width}" height="${height}" fill="#fff"/>
${write(MARGIN.left + (columns * SIDE) / 2, 28, 'learning rate of D')}
${write(20, MARGIN.top + (rows * SIDE) / 2, 'learning rate of G', 15, `transform="rotate(-90 20 ${MARGIN.top + (rows * SIDE) / 2})"`)}
${columnNames.join('')}${rowNames.join('')}
${cells.join('\n')}
${write(MARGIN.left + (columns * SIDE) / 2, height - 34, 'distance to photos, 1: untrained', 14)}
${write(MARGIN.left + (columns * SIDE) / 2, height - 14, 'outlined: recommended', 14)}
</svg>`;
}
