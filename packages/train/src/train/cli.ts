/** @module `pnpm train`. */

import { relative } from 'node:path';
import { grouped, runCommand } from '@latent-dogs/command-line';
import {
  type Checkpoint,
  type Config,
  grownNetworks,
  photoDiversity,
  quoted,
  splitPhotos,
  type TrainingResult,
  train,
  transferredState,
} from '@latent-dogs/dcgan';
import { systemErrorText } from '@latent-dogs/files';
import { deriveSeed, NormalStream, UserError } from '@latent-dogs/latent';
import { RunningEvaluation } from '@latent-dogs/metrics';
import { listModels } from '@latent-dogs/models';
import * as runtime from 'onnxruntime-node';
import { chooseCompute } from '../backend/choose.ts';
import { computeOf, nameOf } from '../backend/compute.ts';
import { createNetworks } from '../backend/create-networks.ts';
import type { Dataset } from '../data/dataset.ts';
import { openDataset } from '../data/open-dataset.ts';
import { findLearningRates } from '../find-lr/find-lr.ts';
import { cellsOf } from '../find-lr/grid.ts';
import { findSearch, readSearch } from '../find-lr/search-folder.ts';
import { clearLeftovers } from '../run/checkpoint.ts';
import { checkpointToContinue } from '../run/continue.ts';
import { FolderStore } from '../run/folder-store.ts';
import { openEvents, truncateLog } from '../run/log.ts';
import { Room } from '../run/room.ts';
import { createRun, findRun } from '../run/run-folder.ts';
import { lockRun } from '../run/run-lock.ts';
import { checkSameDataset, type RunRecord, readRunRecord, writeRunRecord } from '../run/run-record.ts';
import { openSource, type Source } from '../run/source.ts';
import { changed } from '../run/stages.ts';
import { parseTrainOptions, resumedConfig, type TrainOptions } from './options.ts';
import { TrainingReporter } from './progress.ts';
import { writeReals } from './reals.ts';
import { planText, settingsTable } from './settings-table.ts';
import { transferAdvice } from './transfer-advice.ts';
import { grows, transferredConfig } from './transferred-config.ts';

/** Of fewer photos there is no distribution to compare with. */
const MIN_EVALUATED = 16;

/** Exit code after an interrupt: 128 + SIGINT. */
const INTERRUPTED = 130;

async function main(argv: readonly string[]): Promise<number> {
  const options = parseTrainOptions(argv);
  if (!options) return 0;
  if (options.findLr) return search(options);
  const resumed = options.resume === null ? null : await findRun(options.resume, options.out);
  const record = resumed === null ? null : await readRunRecord(resumed);
  const source = record || !options.given.from ? null : await openSource(options.given.from, options.out);
  const settings = settingsOf(options, record, source);
  console.log(settingsTable(settings));
  if (source)
    console.log(`\nStarting from ${source.folder}, which has seen ${grouped(source.record.imagesSeen)} images`);
  if (options.dryRun) {
    console.log(`\n${planText(settings, options.out, resumed)}`);
    return 0;
  }
  const config = await withCompute(settings, record?.config);
  const dataset = await openDataset(config);
  try {
    if (record) checkSameDataset(record, dataset);
    // Before a folder is made: there may be too few photos.
    splitPhotos(dataset, config);
    const advice = record ? null : transferAdvice(config, dataset.count, await listModels('models').catch(() => []));
    if (advice) console.log(`\n${advice}`);
    const runFolder =
      resumed ??
      (await createRun({
        out: options.out,
        config,
        dataset: { name: dataset.name, count: dataset.count, fingerprint: dataset.fingerprint },
        start: source && { from: source.record, tensors: transferredState(config, networksOf(source, config)) },
      }));
    return await runTraining(runFolder, config, dataset, record);
  } finally {
    await dataset.close();
  }
}

function settingsOf({ config, given }: TrainOptions, resumed: RunRecord | null, source: Source | null): Config {
  if (resumed) return resumedConfig(resumed.config, given);
  return source ? transferredConfig(source, given) : config;
}

/** The networks of a source, made larger if the new run's pictures are. */
function networksOf(source: Source, config: Config): Source['tensors'] {
  if (!grows(source.config, config)) return source.tensors;
  return grownNetworks(source.config, source.tensors, new NormalStream(deriveSeed(config.seed, 'weights')));
}

/** Resolves backend and device to concrete values and prints the choice. `before`: the config of the run to resume. */
async function withCompute(settings: Config, before?: Config): Promise<Config> {
  const { compute, line } = await chooseCompute(settings);
  console.log(`\n${line}`);
  const config = { ...settings, ...compute };
  if (before) {
    const was = computeOf(before);
    if (was.backend !== compute.backend || was.device !== compute.device)
      console.log(
        `Continuing on another backend (so far: ${nameOf(was)}): results will no longer be bit-identical to an uninterrupted run.`,
      );
  }
  return config;
}

/** `--find-lr`. */
async function search(options: TrainOptions): Promise<number> {
  const { grid, images } = options.findLr!;
  const folder = options.resume === null ? null : await findSearch(options.resume, options.out);
  const resumed = folder === null ? null : { folder, record: await readSearch(folder) };
  const settings = resumed ? resumedConfig(resumed.record.config, options.given) : options.config;
  console.log(settingsTable(settings));
  if (options.dryRun) {
    const pairs = cellsOf(resumed?.record ?? grid).length;
    console.log(
      `\nWould try ${pairs} pairs of learning rates, ${resumed ? `resuming ${folder}` : `in ${options.out}`}.`,
    );
    console.log('Dry run: nothing was done.');
    return 0;
  }
  const config = await withCompute(settings, resumed?.record.config);
  const dataset = await openDataset(config);
  try {
    if (resumed) checkSameDataset(resumed.record, dataset);
    if (dataset.count < MIN_EVALUATED)
      throw new UserError(
        `--data: ${dataset.count} photos are too few for --find-lr, which compares pictures with at least ${MIN_EVALUATED}`,
      );
    // Before a folder is made: there may be too few photos.
    splitPhotos(dataset, config);
    const shouldStop = stopOnInterrupt('Stopping after this step; finished pairs are kept');
    const finished = await findLearningRates({ config, dataset, grid, images, out: options.out, resumed, shouldStop });
    return finished ? 0 : INTERRUPTED;
  } finally {
    await dataset.close();
  }
}

/** Returns a function that is true after an interrupt. A second interrupt ends the process immediately. */
function stopOnInterrupt(message: string): () => boolean {
  const stop = new AbortController();
  const interrupt = () => {
    if (stop.signal.aborted) process.exit(INTERRUPTED);
    stop.abort();
    console.log(`\n${message} (Ctrl-C again: stop immediately)`);
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return () => stop.signal.aborted;
}

/** `record`: the record of the run to resume; null: a new run. */
async function runTraining(
  runFolder: string,
  config: Config,
  dataset: Dataset,
  record: RunRecord | null,
): Promise<number> {
  try {
    const unlock = await lockRun(runFolder);
    try {
      return await runLocked(runFolder, config, dataset, record);
    } finally {
      await unlock();
    }
  } catch (error) {
    // Of the disk: full, read-only, unplugged.
    const problem = systemErrorText(error);
    if (problem === null) throw error;
    throw new UserError(`${problem}. Then resume with: pnpm train --resume ${quoted(relative('.', runFolder) || '.')}`);
  }
}

async function runLocked(
  runFolder: string,
  config: Config,
  dataset: Dataset,
  record: RunRecord | null,
): Promise<number> {
  const resume = record !== null;
  await clearLeftovers(runFolder);
  const { checkpoint, damaged } = await checkpointToContinue(runFolder, config);
  await truncateLog(runFolder, checkpoint?.imagesSeen ?? 0);
  noteDamaged(runFolder, damaged, checkpoint?.imagesSeen ?? 0);
  if (record) await writeRunRecord(runFolder, changed(record, config, checkpoint?.imagesSeen ?? 0));
  note(runFolder, dataset, checkpoint, resume);
  const place = relative('.', runFolder) || '.';
  const { training, heldOut } = splitPhotos(dataset, config);
  const held = heldOut ? ` (${grouped(heldOut.count)} of them held out)` : '';
  console.log(
    `\n${resume ? 'Resuming' : 'Training'} in ${place}: ${grouped(dataset.count)} images of '${dataset.name}'${held}${skippedText(dataset)}, from image ${grouped(checkpoint?.imagesSeen ?? 0)}`,
  );
  await writeReals(dataset, runFolder, config.seed);
  const plan = { images: config.images, batch: config.batch, count: training.count };
  const reporter = new TrainingReporter(plan, checkpoint?.imagesSeen ?? 0);
  const shouldStop = stopOnInterrupt('Stopping after this step; a checkpoint is being written');
  const say = (message: string) => reporter.say(message);
  const store = await FolderStore.open(runFolder, config.size, new Room({ folder: runFolder, say, shouldStop }));
  const evaluation = new LazyEvaluation(dataset, config);
  if (config.evaluateEvery > 0 && dataset.count < MIN_EVALUATED)
    console.log(`No evaluations: they need at least ${MIN_EVALUATED} photos`);
  let result: TrainingResult;
  try {
    result = await train({
      config: dataset.count < MIN_EVALUATED ? { ...config, evaluateEvery: 0 } : config,
      photos: dataset,
      realDiversity: await photoDiversity(dataset, config.seed),
      createNetworks,
      store,
      evaluate: (sample) => evaluation.of(sample),
      checkpoint,
      shouldStop,
      onStep: (imagesSeen) => reporter.step(imagesSeen),
      onTick: (tick) => reporter.tick(tick),
      onMessage: say,
    });
  } catch (error) {
    // The first error is the one to report: on a full disk or in a vanished folder this fails, too.
    await store.close().catch(() => {});
    throw error;
  } finally {
    reporter.stop();
    await evaluation.dispose();
  }
  const report = await store.close();
  if (!result.finished) {
    console.log(`Stopped at ${grouped(result.imagesSeen)} images. Resume with: pnpm train --resume ${place}`);
    return INTERRUPTED;
  }
  console.log(
    `\nSamples: ${relative('.', store.sheet)}\nReport:  ${relative('.', report)}\nNext:    pnpm export --run ${place}`,
  );
  return 0;
}

/** The running evaluation, created at its first use. */
class LazyEvaluation {
  readonly #dataset: Dataset;
  readonly #config: Config;
  #evaluation: RunningEvaluation | null = null;

  constructor(dataset: Dataset, config: Config) {
    this.#dataset = dataset;
    this.#config = config;
  }

  async of(sample: (z: Float32Array) => Promise<Float32Array>): Promise<Record<string, number>> {
    this.#evaluation ??= await RunningEvaluation.create(runtime, this.#dataset, this.#config);
    return this.#evaluation.of(sample);
  }

  async dispose(): Promise<void> {
    await this.#evaluation?.dispose();
  }
}

function noteDamaged(runFolder: string, damaged: readonly string[], imagesSeen: number): void {
  const events = openEvents(runFolder);
  for (const message of damaged) {
    console.log(`Warning: ${message}; using the previous one`);
    events.append({ time: new Date().toISOString(), event: 'checkpoint-damaged', imagesSeen, message });
  }
  events.close();
}

function note(runFolder: string, dataset: Dataset, checkpoint: Checkpoint | null, resume: boolean): void {
  const events = openEvents(runFolder);
  const time = new Date().toISOString();
  const imagesSeen = checkpoint?.imagesSeen ?? 0;
  events.append({
    time,
    event: resume ? 'run-resumed' : 'run-started',
    imagesSeen,
    message: `${dataset.count} images of '${dataset.name}', from image ${imagesSeen}`,
  });
  if (!resume)
    for (const { file, reason } of dataset.skipped)
      events.append({ time, event: 'photo-skipped', imagesSeen, message: `${file}: ${reason}`, file, reason });
  events.close();
}

const skippedText = ({ skipped }: Dataset) =>
  skipped.length > 0
    ? ` (${grouped(skipped.length)} ${skipped.length === 1 ? 'file' : 'files'} skipped; see events.jsonl)`
    : '';

runCommand(main);
