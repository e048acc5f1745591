/** @module `pnpm evaluate`. */

import { access, constants } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { cannotWrite, grouped, runCommand } from '@latent-dogs/command-line';
import type { Checkpoint, Config, DatasetRecord } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import type { Pictures } from '@latent-dogs/metrics';
import { type EvaluatedPictures, Evaluator, type Metrics } from '@latent-dogs/metrics';
import { replaceFields } from '@latent-dogs/models';
import * as runtime from 'onnxruntime-node';
import type { Dataset } from '../data/dataset.ts';
import { openDrawnDogs } from '../data/drawn-dogs/open.ts';
import { openPhotos } from '../data/photos.ts';
import { bestCheckpoint, noBestCheckpoint } from '../run/best-checkpoint.ts';
import { checkpointFolder, checkpointFolders, latestCheckpoint, readCheckpoint } from '../run/checkpoint.ts';
import { appendEvaluation } from '../run/evaluations.ts';
import { modelConfig } from '../run/model-config.ts';
import { RunReport } from '../run/report/report.ts';
import { findRun } from '../run/run-folder.ts';
import { readRunRecord } from '../run/run-record.ts';
import { DecodeReporter } from '../train/progress.ts';
import { writeNeighbourSheet } from './neighbour-sheet.ts';
import { NetworkFeatures } from './network-features.ts';
import { type EvaluateOptions, parseEvaluateOptions } from './options.ts';
import { checkpointSampler, modelSampler, type Sampler } from './sampler.ts';
import { metricsTable } from './table.ts';

async function main(argv: readonly string[]): Promise<number> {
  const options = parseEvaluateOptions(argv);
  if (!options) return 0;
  if (options.model === null) await evaluateRun(await findRun(options.run!, 'runs'), options);
  else await evaluateModel(options.model, options);
  return 0;
}

async function evaluateRun(run: string, options: EvaluateOptions): Promise<void> {
  const { config, dataset: trainedOn } = await readRunRecord(run);
  const folders = await chosenCheckpoints(run, options.checkpoint);
  // Before the work: the results are kept there.
  await access(run, constants.W_OK).catch((error: unknown) => {
    throw cannotWrite('--run', run, error);
  });
  await withEvaluator(config, trainedOn, options, async (evaluator, dataset) => {
    const columns: { name: string; metrics: Metrics }[] = [];
    let newest: { fakes: Pictures; evaluated: EvaluatedPictures } | null = null;
    for (const folder of folders) {
      const checkpoint = await readIntact(folder);
      if (!checkpoint) continue;
      const { imagesSeen } = checkpoint;
      console.log(`Measuring ${grouped(evaluator.count)} pictures after ${grouped(imagesSeen)} images …`);
      newest = await measure(await checkpointSampler(config, checkpoint.tensors), evaluator);
      const { metrics } = newest.evaluated;
      appendEvaluation(run, {
        time: new Date().toISOString(),
        imagesSeen,
        pictures: evaluator.count,
        metrics,
        photos: evaluator.ofPhotos,
      });
      columns.push({ name: grouped(imagesSeen), metrics });
    }
    if (!newest)
      throw new UserError(`--run: ${run} has no intact checkpoint; resume it with pnpm train --resume ${run}`);
    const sheet = options.sheet ?? join(run, 'neighbours.png');
    await writeSheet(sheet, dataset, newest);
    const report = await (await RunReport.open(run)).write();
    console.log(`\n${metricsTable(columns, evaluator.ofPhotos)}\n`);
    console.log(`Nearest photos: ${relative('.', sheet)}\nReport:         ${relative('.', report)}`);
  });
}

async function evaluateModel(folder: string, options: EvaluateOptions): Promise<void> {
  const sampler = await modelSampler(folder);
  const { training, name } = sampler.manifest;
  const config = modelConfig(folder, sampler.manifest);
  await withEvaluator(config, training.dataset, options, async (evaluator, dataset) => {
    console.log(`Measuring ${grouped(evaluator.count)} pictures of ${name} …`);
    const measured = await measure(sampler, evaluator);
    const { metrics } = measured.evaluated;
    const sheet = options.sheet ?? 'neighbours.png';
    await writeSheet(sheet, dataset, measured);
    console.log(`\n${metricsTable([{ name, metrics }], evaluator.ofPhotos)}\n\nNearest photos: ${sheet}`);
    if (!options.write) return;
    const written = { pictures: evaluator.count, ...nested(metrics), ofPhotos: nested(evaluator.ofPhotos) };
    await replaceFields(folder, { metrics: written });
    console.log(`Written to ${join(folder, 'model.json')}`);
  });
}

async function withEvaluator(
  config: Config,
  trainedOn: DatasetRecord,
  options: EvaluateOptions,
  use: (evaluator: Evaluator, dataset: Dataset) => Promise<void>,
): Promise<void> {
  const network = options.features && (await NetworkFeatures.open(options.features));
  const dataset = await openDataset(config, options.data);
  try {
    if (dataset.fingerprint !== trainedOn.fingerprint)
      console.log(
        `Warning: these ${grouped(dataset.count)} pictures are not the ${grouped(trainedOn.count)} of '${trainedOn.name}' used in ` +
          'training: nearest photos and copies say nothing about memorisation',
      );
    console.log('Comparing photos with photos …');
    const evaluator = await Evaluator.create(runtime, dataset, { count: options.count, network });
    if (evaluator.count < options.count)
      console.log(
        `${evaluator.count} pictures instead of ${grouped(options.count)}: half of the ${grouped(dataset.count)} photos are ` +
          'compared with the other half',
      );
    try {
      await use(evaluator, dataset);
    } finally {
      await evaluator.dispose();
    }
  } finally {
    await dataset.close();
    await network?.dispose();
  }
}

async function openDataset(config: Config, given: string | null): Promise<Dataset> {
  const { size, photoSize, crop, seed } = config;
  const path = given ?? config.data;
  const reporter = new DecodeReporter();
  try {
    if (path === null) return await openDrawnDogs({ size, seed, onProgress: reporter.update });
    return await openPhotos({ path, size, photoSize, crop, onProgress: reporter.update });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `--data: ${error.message}${given === null ? '; say where the photos are now with --data' : ''}`,
    );
  } finally {
    reporter.stop();
  }
}

async function measure(sampler: Sampler, evaluator: Evaluator) {
  try {
    const fakes = await sampler.pictures(evaluator.count);
    return { fakes, evaluated: await evaluator.evaluate(fakes) };
  } finally {
    await sampler.dispose();
  }
}

async function writeSheet(
  file: string,
  dataset: Dataset,
  { fakes, evaluated }: { fakes: Pictures; evaluated: EvaluatedPictures },
): Promise<void> {
  await writeNeighbourSheet(file, dataset, fakes, evaluated.neighbours).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined) throw error;
    throw cannotWrite('--sheet', file, error);
  });
}

async function chosenCheckpoints(run: string, which: EvaluateOptions['checkpoint']): Promise<string[]> {
  if (which === 'all') return checkpointFolders(run);
  if (which === 'best') {
    const best = await bestCheckpoint(run, (_, reason) => console.log(`Warning: ${reason}; using the next best`));
    if (!best) throw await noBestCheckpoint(run);
    return [await checkpointFolder(run, best.imagesSeen)];
  }
  const images = which === 'latest' ? (await latestCheckpoint(run))?.imagesSeen : which;
  return images === undefined ? [] : [await checkpointFolder(run, images)];
}

/** Null, with a warning, if the checkpoint is damaged, or was pruned by a training that is still running. */
async function readIntact(folder: string): Promise<Checkpoint | null> {
  return readCheckpoint(folder).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    console.log(`Warning: ${error.message}; skipping it`);
    return null;
  });
}

/** `swd.64` -> `{swd: {64: …}}` */
function nested(metrics: Metrics): Record<string, number | Record<string, number>> {
  const result: Record<string, number | Record<string, number>> = {};
  for (const [name, value] of Object.entries(metrics)) {
    const dot = name.lastIndexOf('.');
    if (dot < 0) result[name] = value;
    else result[name.slice(0, dot)] = { ...(result[name.slice(0, dot)] as object), [name.slice(dot + 1)]: value };
  }
  return result;
}

runCommand(main);
