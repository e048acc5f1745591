/** @module What a search for learning rates tries, and what it finds. */
import type { LearningRates, StepNumber } from '@latent-dogs/dcgan';

/** What became of a pair of learning rates. */
export type Outcome = 'learning' | 'stalled' | 'collapsed' | 'diverged';

/** Means over the last quarter of a cell's steps; null where they are no longer finite. */
export interface CellResult extends LearningRates, Record<StepNumber, number | null> {
  outcome: Outcome;
  /** Steps done: fewer than planned where it had diverged for good. */
  steps: number;
  /**
   * How far the pictures made in the end are from photos, in units of how far the untrained G's are: the geometric mean
   * of Fréchet distance of random features and sliced Wasserstein distance. One alone is fooled: the first by noise with
   * the colours of photos, the second, which does not mind contrast, by the faint noise of an untrained G.
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

/** 1e-5 to 1e-2 in equal factors. */
export const defaultRates: readonly number[] = [1e-5, 5.6e-5, 3.2e-4, 1.8e-3, 1e-2];

export const cellsOf = ({ ratesG, ratesD }: Grid): { lrG: number; lrD: number }[] =>
  ratesG.flatMap((lrG) => ratesD.map((lrD) => ({ lrG, lrD })));

/** 0.00032 -> 3.2e-4 */
export const rate = (value: number): string => (value < 0.1 ? value.toExponential() : String(value));

/**
 * The learning cell to go on with: the one with the lowest distance, of which a third is its neighbours' mean, where one
 * that did not learn counts as untrained. A good cell beside a cliff is luck, and a long run may fall off.
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
