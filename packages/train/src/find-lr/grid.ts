/** @module The grid of a search for learning rates, its results, and the recommended pair. */
import type { LearningRates, StepNumber } from '@latent-dogs/dcgan';

/** The result of training with a pair of learning rates. */
export type Outcome = 'learning' | 'stalled' | 'collapsed' | 'diverged';

/** The result of a cell: means over the last quarter of its steps; null: not finite. */
export interface CellResult extends LearningRates, Record<StepNumber, number | null> {
  outcome: Outcome;
  /** Steps done: fewer than planned if it diverged beyond recovery. */
  steps: number;
  /**
   * Distance of the final pictures to photos, relative to the untrained G's: the geometric mean of Fréchet distance of random
   * features and sliced Wasserstein distance. Each alone has a blind spot: the first accepts noise with the colours of photos;
   * the second ignores contrast, so it accepts the faint noise of an untrained G.
   */
  distance: number | null;
  frechet: number | null;
  swd: number | null;
  seconds: number;
}

export interface Grid {
  ratesG: readonly number[];
  ratesD: readonly number[];
}

/** 1e-5 to 1e-2, evenly spaced on a logarithmic scale. */
export const defaultRates: readonly number[] = [1e-5, 5.6e-5, 3.2e-4, 1.8e-3, 1e-2];

export const cellsOf = ({ ratesG, ratesD }: Grid): { lrG: number; lrD: number }[] =>
  ratesG.flatMap((lrG) => ratesD.map((lrD) => ({ lrG, lrD })));

/** 0.00032 -> 3.2e-4 */
export const rate = (value: number): string => (value < 0.1 ? value.toExponential() : String(value));

/**
 * The recommended cell, or null if none learned: the learning cell with the lowest score, 2/3 its distance plus 1/3 the mean
 * distance of its neighbours. Neighbours that did not learn count as 1. A good cell beside failing ones is a risk for a long
 * run.
 */
export function recommended(grid: Grid, results: readonly CellResult[]): CellResult | null {
  const at = (g: number, d: number) => results.find(({ lrG, lrD }) => lrG === grid.ratesG[g] && lrD === grid.ratesD[d]);
  const distance = (cell: CellResult) => (cell.outcome === 'learning' ? cell.distance! : 1);
  let best: CellResult | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const g of grid.ratesG.keys()) {
    for (const d of grid.ratesD.keys()) {
      const cell = at(g, d);
      if (cell?.outcome !== 'learning') continue;
      const neighbours = [at(g - 1, d), at(g + 1, d), at(g, d - 1), at(g, d + 1)].filter((one) => one !== undefined);
      const around = neighbours.map(distance).reduce((sum, value) => sum + value, 0) / Math.max(1, neighbours.length);
      const score = neighbours.length > 0 ? (2 * distance(cell) + around) / 3 : distance(cell);
      if (score < least) [best, least] = [cell, score];
    }
  }
  return best;
}
