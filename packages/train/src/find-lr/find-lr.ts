/** @module `pnpm train --find-lr`: short trainings over a grid of learning rates. Finished cells survive a kill. */

import { relative } from 'node:path';
import { duration, grouped, short } from '@latent-dogs/command-line';
import { Batches, type Config, Gan, photoDiversity, SAMPLES } from '@latent-dogs/dcgan';
import { deriveSeed, NormalStream } from '@latent-dogs/latent';
import { RunningEvaluation } from '@latent-dogs/metrics';
import * as runtime from 'onnxruntime-node';
import { createNetworks } from '../backend/create-networks.ts';
import type { Dataset } from '../data/dataset.ts';
import { lockRun } from '../run/run-lock.ts';
import { writeSheet } from '../run/sheet.ts';
import { writeReals } from '../train/reals.ts';
import { type CellResult, cellsOf, type Grid, rate } from './grid.ts';
import { type Findings, recommendedCommand, resultTable, writeFindings } from './report.ts';
import { type CellSetup, runCell } from './run-cell.ts';
import { appendCell, cellSheet, createSearch, readCells, type SearchRecord } from './search-folder.ts';

/** Target duration of a whole search on two cores. */
const SECONDS = 600;
/** Fewer steps are not informative. */
const MIN_STEPS = 60;
/** Steps at learning rate 0, in which batch norm's running statistics converge to G's. */
const WARM_UP_STEPS = 40;
const FAKES = 128;
const SHOWN = 16;

export interface Search {
  config: Config;
  dataset: Dataset;
  grid: Grid;
  /** Images per cell; null: as many as fit into ten minutes, at least 60 steps. */
  images: number | null;
  out: string;
  /** The search to resume; null: a new one. */
  resumed: { folder: string; record: SearchRecord } | null;
  shouldStop: () => boolean;
}

/** Runs a search. @returns false if it was stopped early. */
export async function findLearningRates(search: Search): Promise<boolean> {
  const { config, dataset, resumed } = search;
  const gan = await Gan.create(config, new NormalStream(deriveSeed(config.seed, 'weights')), createNetworks);
  try {
    const start = await gan.tensors();
    const record = resumed?.record ?? (await plan(search, gan));
    const folder = resumed?.folder ?? (await createSearch(search.out, record));
    const unlock = await lockRun(folder);
    const evaluation = await RunningEvaluation.create(runtime, dataset, config, FAKES);
    try {
      gan.restore(start);
      await warmUp(config, dataset, gan);
      const untrained = await evaluation.of((z) => gan.sample(z));
      await writeReals(dataset, folder, config.seed);
      const realDiversity = await photoDiversity(dataset, config.seed);
      const { steps } = record;
      const { shouldStop } = search;
      return await runCells(folder, record, {
        ...{ config, dataset, gan, start, evaluation, realDiversity, untrained, steps, shouldStop },
      });
    } finally {
      await evaluation.dispose();
      await unlock();
    }
  } finally {
    await gan.dispose();
  }
}

async function plan({ config, dataset, grid, images }: Search, gan: Gan): Promise<SearchRecord> {
  const { name, count, fingerprint } = dataset;
  const steps =
    images === null
      ? Math.max(MIN_STEPS, Math.floor(SECONDS / cellsOf(grid).length / (await secondsPerStep(config, dataset, gan))))
      : Math.ceil(images / config.batch);
  return {
    format: 1,
    created: new Date().toISOString(),
    config,
    dataset: { name, count, fingerprint },
    ratesG: grid.ratesG,
    ratesD: grid.ratesD,
    steps,
  };
}

/** Lets batch norm's running statistics converge without changing the weights. */
async function warmUp(config: Config, dataset: Dataset, gan: Gan): Promise<void> {
  const batches = new Batches(dataset, config);
  for (let step = 1; step <= WARM_UP_STEPS; step++) await gan.step(await batches.next(), step, { lrG: 0, lrD: 0 });
}

async function secondsPerStep(config: Config, dataset: Dataset, gan: Gan): Promise<number> {
  const batches = new Batches(dataset, config);
  const { lrG, lrD } = config;
  const times: number[] = [];
  for (let step = 1; step <= 6; step++) {
    const started = performance.now();
    await gan.step(await batches.next(), step, { lrG, lrD });
    times.push((performance.now() - started) / 1_000);
  }
  // Without the first step, which allocates memory; the median of the others.
  return times.slice(1).sort((a, b) => a - b)[2]!;
}

async function runCells(folder: string, record: SearchRecord, setup: CellSetup): Promise<boolean> {
  const { config, gan, steps } = setup;
  const cells = cellsOf(record);
  const results = await readCells(folder);
  const findings: Findings = { folder, record, results };
  const place = relative('.', folder) || '.';
  const images = steps * config.batch;
  console.log(
    `\nTrying ${cells.length} pairs of learning rates in ${place}: ${steps} steps of ${config.batch}, ` +
      `${grouped(images)} images each${results.length > 0 ? `; ${results.length} done` : ''}`,
  );
  const noise = new NormalStream(deriveSeed(config.seed, 'sheets')).fill(new Float32Array(SAMPLES * config.latent));
  for (const { lrG, lrD } of cells) {
    if (results.some((cell) => cell.lrG === lrG && cell.lrD === lrD)) continue;
    const cell = await runCell(setup, { lrG, lrD });
    if (!cell) {
      console.log(
        `Stopped; ${results.length} of ${cells.length} pairs are done. Resume with: pnpm train --find-lr --resume ${place}`,
      );
      return false;
    }
    const pictures = await gan.sample(noise);
    const shown = pictures.subarray(0, SHOWN * 3 * config.size ** 2);
    await writeSheet({ file: cellSheet(folder, cell), images: shown, size: config.size, columns: 4 });
    appendCell(folder, cell);
    results.push(cell);
    await writeFindings(findings);
    console.log(cellLine(cell, results, cells.length));
  }
  const { picture, page } = await writeFindings(findings);
  const command = recommendedCommand(findings);
  console.log(`\n${resultTable(findings)}\n`);
  console.log(`Heat map: ${relative('.', picture)}\nReport:   ${relative('.', page)}`);
  if (command)
    console.log(
      'Note:     short trainings flatter high rates. If a long one diverges, take the next lower pair (docs/evaluate.md).',
    );
  console.log(
    command
      ? `Next:     ${command}`
      : 'No pair learned. Try other rates (--find-lr-g, --find-lr-d), more --images per pair, or --preset dogs',
  );
  return true;
}

function cellLine(cell: CellResult, results: readonly CellResult[], total: number): string {
  const { lrG, lrD, outcome, distance, lossD, lossG, dReal, dFake, diversity } = cell;
  const mean = results.reduce((sum, { seconds }) => sum + seconds, 0) / results.length;
  return (
    `${String(results.length).padStart(String(total).length)}/${total} lr_g ${rate(lrG)} lr_d ${rate(lrD)}: ` +
    `${outcome}, distance ${short(distance)}, D_loss ${short(lossD)} G_loss ${short(lossG)}, ` +
    `D(x) ${short(dReal)} D(G(z)) ${short(dFake)}, diversity ${short(diversity)}  ` +
    `ETA ${duration((total - results.length) * mean)}`
  );
}
