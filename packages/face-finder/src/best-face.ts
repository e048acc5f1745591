import { CELL, GRID } from './sizes.ts';
import type { Face } from './targets.ts';

export interface LikelyFace extends Face {
  /** Logit of the probability that it is a face. */
  readonly logit: number;
}

/**
 * The likeliest face, of the network's output for one picture. Its place and side are means over the best cell
 * and its neighbours, weighted by their probabilities.
 *
 * @param cells [8, 8, 4], as `faceNetwork` gives them.
 */
export function bestFace(cells: Float32Array): LikelyFace {
  let best = 0;
  for (let cell = 1; cell < GRID * GRID; cell++) if (cells[cell * CELL]! > cells[best * CELL]!) best = cell;
  const [bestRow, bestColumn] = [Math.floor(best / GRID), best % GRID];
  let [total, x, y, logSide] = [0, 0, 0, 0];
  for (let row = Math.max(0, bestRow - 1); row <= Math.min(GRID - 1, bestRow + 1); row++) {
    for (let column = Math.max(0, bestColumn - 1); column <= Math.min(GRID - 1, bestColumn + 1); column++) {
      const at = (row * GRID + column) * CELL;
      const weight = sigmoid(cells[at]!);
      total += weight;
      x += (weight * (column + 0.5 + cells[at + 1]!)) / GRID;
      y += (weight * (row + 0.5 + cells[at + 2]!)) / GRID;
      logSide += weight * cells[at + 3]!;
    }
  }
  return { x: x / total, y: y / total, side: Math.exp(logSide / total), logit: cells[best * CELL]! };
}

export const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));
