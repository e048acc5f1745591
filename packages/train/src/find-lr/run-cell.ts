/** @module One cell of the search: a new GAN, trained for a few steps with one pair of learning rates. */

import {
  Ada,
  allFinite,
  Batches,
  type Config,
  divergedLossD,
  finiteOrNull,
  type Gan,
  type LearningRates,
  type StepNumbers,
  type Tensor,
  TickMeans,
} from '@latent-dogs/dcgan';
import { distanceToPhotos, type RunningEvaluation } from '@latent-dogs/metrics';
import type { Dataset } from '../data/dataset.ts';
import { classify } from './classify.ts';
import type { CellResult } from './grid.ts';

export interface CellSetup {
  config: Config;
  dataset: Dataset;
  /** Compiled once for all cells. */
  gan: Gan;
  /** Initial tensors, the same for every cell. */
  start: Record<string, Tensor>;
  evaluation: RunningEvaluation;
  realDiversity: number;
  /** Metrics of the untrained G, after the warm-up of its batch norms. */
  untrained: Record<string, number>;
  steps: number;
  shouldStop: () => boolean;
}

/** Consecutive steps with a diverged D_loss after which a cell is abandoned: the guard's patience. */
const MAX_DIVERGED_STEPS = 100;

/** Trains and measures one cell; null if it was stopped early. */
export async function runCell(setup: CellSetup, rates: LearningRates): Promise<CellResult | null> {
  const { config, dataset, gan, start, steps, evaluation, realDiversity, untrained } = setup;
  const started = performance.now();
  gan.restore(start);
  const batches = new Batches(dataset, config);
  const ada = new Ada(config);
  const results: StepNumbers[] = [];
  let divergedSteps = 0;
  while (results.length < steps) {
    if (setup.shouldStop()) return null;
    const batch = await batches.next(ada.p ?? 1);
    const result = await gan.step(batch, results.length + 1, rates);
    results.push(result);
    ada.observe(result.signReal);
    divergedSteps = result.lossD > divergedLossD ? divergedSteps + 1 : 0;
    if (divergedSteps >= MAX_DIVERGED_STEPS || !allFinite(result)) break;
  }
  const means = new TickMeans();
  for (const result of results.slice(-Math.max(1, Math.floor(results.length / 4)))) means.add(result, 0);
  const tail = means.take();
  const finite = allFinite(tail);
  const metrics = finite ? await evaluation.of((z) => gan.sample(z)) : {};
  const distance = finite ? distanceToPhotos(metrics) / distanceToPhotos(untrained) : null;
  const maxDiversity = Math.max(...results.map((result) => result.diversity));
  return {
    ...rates,
    outcome: classify({ tail, maxDiversity, realDiversity, distance }),
    steps: results.length,
    ...finiteOrNull(tail),
    distance,
    frechet: metrics['frechetRandom'] ?? null,
    swd: metrics['swd.mean'] ?? null,
    seconds: (performance.now() - started) / 1_000,
  };
}
