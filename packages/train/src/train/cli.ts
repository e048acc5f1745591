/** @module `pnpm train`. */

import { relative, resolve } from 'node:path';
import { grouped, onLostOutput, runCommand } from '@latent-dogs/command-line';
import type { RunRecord } from '@latent-dogs/dcgan';
import {
  type Checkpoint,
  type Config,
  grownNetworks,
  grows,
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
import { DRAWN_DOGS } from '../data/drawn-dogs/open.ts';
import { openDataset } from '../data/open-dataset.ts';
import { surveyPhotos } from '../data/photos.ts';
import { findLearningRates } from '../find-lr/find-lr.ts';
import { cellsOf } from '../find-lr/grid.ts';
import { findSearch, readSearch } from '../find-lr/search-folder.ts';
import { clearLeftovers } from '../run/checkpoint.ts';
import { checkpointToContinue } from '../run/continue.ts';
import { FolderStore } from '../run/folder-store.ts';
import { openEvents, truncateLog } from '../run/log.ts';
import { Room } from '../run/room.ts';
import { createRun, findRun, ownPhotos } from '../run/run-folder.ts';
import { lockRun } from '../run/run-lock.ts';
import { checkSameDataset, readRunRecord, writeRunRecord } from '../run/run-record.ts';
import { openSource, type Source } from '../run/source.ts';
import { changed } from '../run/stages.ts';
import { estimateText } from './estimate.ts';
import { checkTogether, parseTrainOptions, resumedConfig, type TrainOptions } from './options.ts';
import { imagesFor, photoAdvice } from './photo-advice.ts';
import { TrainingReporter } from './progress.ts';
import { writeReals } from './reals.ts';
import { planText, settingsTable } from './settings-table.ts';
import { transferredConfig } from './transferred-config.ts';
import { checkWritable } from './writable.ts';

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
  const photos = resumed === null || options.given.data ? null : await ownPhotos(resumed);
  if (photos) options.given.data = photos;
  const settings = settingsOf(options, record, source);
  console.log(settingsTable(settings));
  if (settings.data === null && settings.preset === 'dogs' && !record && !source)
    console.log('\nNo --data: a first look at drawn dogs, with a smaller and faster version of the preset.');
  if (source)
    console.log(`\nStarting from ${source.folder}, which has seen ${grouped(source.record.imagesSeen)} images`);
  const config = await withCompute(settings, record?.config);
  /** Without `--images`, a new run's length depends on the number of photos. */
  const lengthFor = (photos: number): Config => {
    const images = record || options.given.images !== undefined ? null : imagesFor(config, photos);
    const whole = images === null ? config : { ...config, images };
    checkTogether(whole);
    return whole;
  };
  if (options.dryRun) {
    await plan(lengthFor, config, options.out, resumed);
    return 0;
  }
  const dataset = await openDataset(config).catch((error: unknown) => atResume(error, record));
  try {
    if (record) checkSameDataset(record, dataset);
    const whole = lengthFor(dataset.distinct);
    // Before a folder is made: there may be too few photos.
    splitPhotos(dataset, whole);
    if (!record) await advise(whole, dataset, options.out);
    const runFolder =
      resumed ??
      (await createRun({
        out: options.out,
        config: whole,
        dataset: { name: dataset.name, count: dataset.count, fingerprint: dataset.fingerprint },
        start: source && { from: source.record, tensors: transferredState(whole, networksOf(source, whole)) },
      }));
    return await runTraining(runFolder, whole, dataset, record);
  } finally {
    await dataset.close();
  }
}

/** Says what the photos are good for, and what the run takes. */
async function advise(config: Config, dataset: Dataset, out: string): Promise<void> {
  const { count, distinct } = dataset;
  const diversity = await photoDiversity(dataset, config.seed);
  const lines = await photoLines(config, { count, distinct, diversity });
  if (imagesFor(config, dataset.distinct) === config.images)
    lines.push(
      `Training on ${grouped(config.images)} images, which suits ${grouped(dataset.distinct)} photos (--images changes it).`,
    );
  lines.push(await estimateText(config, dataset.count, 0, out));
  console.log(`\n${lines.join('\n')}`);
}

const photoLines = async (config: Config, photos: Parameters<typeof photoAdvice>[1]) =>
  photoAdvice(config, photos, await listModels('models').catch(() => []));

/** `--dry-run`: does everything that a run can be refused for, but writes nothing. */
async function plan(
  lengthFor: (photos: number) => Config,
  config: Config,
  out: string,
  resumed: string | null,
): Promise<void> {
  const survey = config.data === null ? null : await surveyPhotos({ ...config, path: config.data });
  const photos = survey ? (survey.decoded?.distinct ?? survey.files) : DRAWN_DOGS;
  const count = survey?.decoded?.count ?? photos;
  const whole = lengthFor(photos);
  splitPhotos({ count, size: whole.size, read: async () => {} }, whole);
  let seen = 0;
  if (resumed === null) await checkWritable(out);
  else seen = (await checkpointToContinue(resumed, whole)).checkpoint?.imagesSeen ?? 0;
  const found = survey && !survey.decoded ? `${grouped(survey.files)} files found, not decoded yet.` : '';
  const advice = resumed === null ? await photoLines(whole, { count, distinct: photos, diversity: null }) : [];
  console.log(
    `\n${[found, ...advice].filter(Boolean).join('\n')}\n${planText(whole, out, resumed)}`.replace(/^\n+/, '\n'),
  );
  console.log(`${await estimateText(whole, count, seen, resumed ?? out)}\nDry run: nothing was done.`);
}

/** Names the option where the photos of a run are not found. */
function atResume(error: unknown, record: RunRecord | null): never {
  if (record === null || !(error instanceof UserError)) throw error;
  throw new UserError(`${error.message}. If the photos were moved, say with --data where they are now`);
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
  const config = await withCompute(settings, resumed?.record.config);
  if (options.dryRun) {
    const survey = config.data === null ? null : await surveyPhotos({ ...config, path: config.data });
    checkEnoughToSearch(survey ? (survey.decoded?.count ?? survey.files) : DRAWN_DOGS);
    if (!resumed) await checkWritable(options.out);
    const pairs = cellsOf(resumed?.record ?? grid).length;
    console.log(
      `\nWould try ${pairs} pairs of learning rates, ${resumed ? `resuming ${folder}` : `in ${options.out}`}.`,
    );
    console.log('Dry run: nothing was done.');
    return 0;
  }
  const dataset = await openDataset(config);
  try {
    if (resumed) checkSameDataset(resumed.record, dataset);
    checkEnoughToSearch(dataset.count);
    // Before a folder is made: there may be too few photos.
    splitPhotos(dataset, config);
    const shouldStop = stopOnInterrupt('Stopping after this step; finished pairs are kept');
    const finished = await findLearningRates({ config, dataset, grid, images, out: options.out, resumed, shouldStop });
    return finished ? 0 : INTERRUPTED;
  } finally {
    await dataset.close();
  }
}

function checkEnoughToSearch(photos: number): void {
  if (photos < MIN_EVALUATED)
    throw new UserError(
      `--data: ${photos} photos are too few for --find-lr, which compares pictures with at least ${MIN_EVALUATED}`,
    );
}

/**
 * Returns a function that is true after an interrupt, or once nobody reads the output. A second interrupt ends the process
 * immediately; after Ctrl-C in `pnpm train | tee log`, which ends tee as well, the lost reader is none.
 */
function stopOnInterrupt(message: string): () => boolean {
  const stop = new AbortController();
  let interrupted = false;
  const interrupt = () => {
    if (interrupted) process.exit(INTERRUPTED);
    interrupted = true;
    stop.abort();
    console.log(`\n${message} (Ctrl-C again: stop immediately)`);
  };
  // SIGHUP: the terminal was closed.
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  onLostOutput(() => stop.abort());
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
  const seen = checkpoint?.imagesSeen ?? 0;
  if (record && config.images < seen)
    throw new UserError(`--images: ${grouped(config.images)} is less than the ${grouped(seen)} that the run has seen`);
  await truncateLog(runFolder, seen);
  noteDamaged(runFolder, damaged, seen);
  if (record) await writeRunRecord(runFolder, changed(record, config, seen));
  note(runFolder, dataset, checkpoint, resume);
  const place = relative('.', runFolder) || '.';
  const { training, heldOut } = splitPhotos(dataset, config);
  const held = heldOut ? ` (${grouped(heldOut.count)} of them held out)` : '';
  console.log(
    `\n${resume ? 'Resuming' : 'Training'} in ${place}: ${grouped(dataset.count)} images of '${dataset.name}'${held}${skippedText(dataset)}, from image ${grouped(seen)}`,
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
    console.log(`Stopped at ${grouped(result.imagesSeen)} images. Resume with: pnpm train --resume ${quoted(place)}`);
    return INTERRUPTED;
  }
  console.log(
    `\nSamples: ${relative('.', store.sheet)}\nReport:  ${relative('.', report)}\nNext:    pnpm export --run ${quoted(place)}`,
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
  if (!resume) {
    for (const { file, reason } of dataset.skipped)
      events.append({ time, event: 'photo-skipped', imagesSeen, message: `${file}: ${reason}`, file, reason });
    const total = Object.values(dataset.skippedCounts).reduce((sum, count) => sum + count, 0);
    if (total > dataset.skipped.length) {
      const message = `${total} files were skipped, of which the first ${dataset.skipped.length} are named here; all are in ${resolve(dataset.skippedList)}`;
      events.append({ time, event: 'photos-skipped', imagesSeen, message, total });
    }
  }
  events.close();
}

/** ` (28 files skipped: 20 HEIC, 8 broken; see events.jsonl)` */
function skippedText({ skipped, skippedCounts, skippedList }: Dataset): string {
  const counts = Object.entries(skippedCounts).sort(([, a], [, b]) => b - a);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return '';
  const reasons = counts.map(([reason, count]) => `${grouped(count)} ${reason}`).join(', ');
  const where = skipped.length < total ? relative('.', skippedList) : 'events.jsonl';
  return ` (${grouped(total)} ${total === 1 ? 'file' : 'files'} skipped: ${reasons}; see ${where})`;
}

runCommand(main);
