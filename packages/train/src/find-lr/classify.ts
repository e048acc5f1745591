/** @module The outcome of a short training, by the guard's thresholds (guard.ts). */

import { allFinite, collapsedLossD, divergedLossD, identicalDiversity, type StepNumbers } from '@latent-dogs/dcgan';
import type { Outcome } from './grid.ts';

export interface CellMeasures {
  /** Means over the last quarter of the steps. */
  tail: StepNumbers;
  /** Maximum over all steps. */
  maxDiversity: number;
  realDiversity: number;
  /** See `CellResult`. */
  distance: number | null;
}

/** A D_loss below this is about to collapse; a short training may end before it reaches the guard's threshold. */
const nearCollapse = 10 * collapsedLossD;
/** Diversity below this share of its maximum counts as lost. */
const lostShare = 0.2;
/** G has learned if its distance to the photos is lower than the untrained G's by at least this share. */
const progress = 0.2;

/** The outcome of one cell. */
export function classify({ tail, maxDiversity, realDiversity, distance }: CellMeasures): Outcome {
  if (!allFinite(tail) || distance === null || tail.lossD > divergedLossD) return 'diverged';
  // An untrained G makes uniform grey too, so identical pictures are a collapse only after more diverse ones.
  const identical = tail.diversity < identicalDiversity * realDiversity && tail.diversity < lostShare * maxDiversity;
  if (tail.lossD < nearCollapse || identical) return 'collapsed';
  return distance > 1 - progress ? 'stalled' : 'learning';
}
