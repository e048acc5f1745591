/** @module What the numbers of a short training say, by the signs of the guard (guard.ts). */

import { alike, allFinite, collapsedLossD, divergedLossD, type StepNumbers } from '@latent-dogs/dcgan';
import type { Outcome } from './grid.ts';

export interface CellMeasures {
  /** Means over the last quarter of the steps. */
  tail: StepNumbers;
  /** The greatest diversity that a step had. */
  greatestDiversity: number;
  realDiversity: number;
  /** See `CellResult`. */
  distance: number | null;
}

/** The guard takes hundreds of steps to see D_loss below its mark; on the way there it is below this. */
const soonCollapsed = 10 * collapsedLossD;
/** What is left of a diversity that is lost. */
const lost = 0.2;
/** Nearer to the photos than the untrained G's pictures by at least this share, G has learned something. */
const progress = 0.2;

export function classify({ tail, greatestDiversity, realDiversity, distance }: CellMeasures): Outcome {
  if (!allFinite(tail) || distance === null || tail.lossD > divergedLossD) return 'diverged';
  // An untrained G paints one grey too: all alike are pictures that once were less so.
  const allAlike = tail.diversity < alike * realDiversity && tail.diversity < lost * greatestDiversity;
  if (tail.lossD < soonCollapsed || allAlike) return 'collapsed';
  return distance > 1 - progress ? 'stalled' : 'learning';
}
