/** @module A run folder as an export reads it. */
import { grouped } from '@latent-dogs/command-line';
import { type Checkpoint, meanCheckpoint } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import {
  bestCheckpoint,
  checkpointFolder,
  checkpointFolders,
  findRun,
  imagesAt,
  latestCheckpoint,
  noBestCheckpoint,
  type RunRecord,
  readCheckpoint,
  readLog,
  readRunRecord,
} from '@latent-dogs/train';
import * as runtime from 'onnxruntime-node';

/** Training's default folder for runs. */
const RUNS = 'runs';

/** Images seen at a checkpoint, or at several for their mean, or which one; null: the best, or the newest if none was evaluated. */
export type CheckpointChoice = number | readonly number[] | 'best' | 'latest' | null;

export interface TrainingRun {
  readonly folder: string;
  readonly record: RunRecord;
  readonly checkpoint: Checkpoint;
  /** Images seen at the checkpoints whose mean `checkpoint` is; null: it is one of the run's. */
  readonly meanOf: readonly number[] | null;
  /** Images seen at the newest checkpoint, which may be damaged. */
  readonly newest: number;
}

/**
 * Opens a run at one of its checkpoints.
 *
 * @param run `latest` or a run folder
 * @param at the checkpoint; damaged ones are passed over, unless they are chosen by their images seen
 * @throws UserError if there is no such run or checkpoint, listing those that exist
 */
export async function openTrainingRun(run: string, at: CheckpointChoice): Promise<TrainingRun> {
  const folder = await findRun(run, RUNS).catch((error: unknown) => {
    if (run !== 'latest' || !(error instanceof UserError)) throw error;
    throw new UserError(`there is no run in '${RUNS}' yet; train one first with pnpm train, or name one with --run`);
  });
  const record = await readRunRecord(folder);
  const isMean = typeof at === 'object' && at !== null;
  const checkpoint = isMean ? await openMean(folder, record, at) : await openCheckpoint(folder, at);
  if (!isMean) warnUnlessHealthy(checkpoint);
  const newest = imagesAt((await checkpointFolders(folder)).at(-1)!);
  return { folder, record, checkpoint, meanOf: isMean ? at : null, newest };
}

async function openMean(folder: string, { config }: RunRecord, at: readonly number[]): Promise<Checkpoint> {
  if (config.emaImages === 0)
    throw new UserError(
      `--checkpoint: a mean needs a run that keeps a moving average of G; ${folder} has --ema-images 0`,
    );
  const checkpoints = await Promise.all(
    at.map(async (images) => readCheckpoint(await checkpointFolder(folder, images))),
  );
  for (const checkpoint of checkpoints) warnUnlessHealthy(checkpoint);
  return meanCheckpoint(config, checkpoints, { runtime });
}

function warnUnlessHealthy({ healthy, imagesSeen }: Checkpoint): void {
  if (!healthy) console.warn(`Warning: training was not going well at ${grouped(imagesSeen)} images`);
}

async function openCheckpoint(folder: string, at: Exclude<CheckpointChoice, readonly number[]>): Promise<Checkpoint> {
  if (typeof at === 'number') return readCheckpoint(await checkpointFolder(folder, at));
  if (at !== 'latest') {
    const warn = (_: string, reason: string) => console.warn(`Warning: ${reason}; using the next best`);
    const checkpoint = await bestCheckpoint(folder, warn);
    if (checkpoint) return checkpoint;
    if (at === 'best') throw await noBestCheckpoint(folder);
  }
  return newestCheckpoint(folder);
}

async function newestCheckpoint(folder: string): Promise<Checkpoint> {
  const damaged: string[] = [];
  const checkpoint = await latestCheckpoint(folder, { onDamaged: (_, reason) => damaged.push(reason) });
  for (const reason of damaged) console.warn(`Warning: ${reason}; using the previous one`);
  if (checkpoint) return checkpoint;
  throw new UserError(
    `--run: ${folder} holds no ${damaged.length > 0 ? 'undamaged ' : ''}checkpoint yet; continue its training with pnpm train --resume ${folder}`,
  );
}

/** The mean of checkpoints in words, for the terminal and the card. */
export const describeMean = (imagesSeen: readonly number[]): string =>
  `the mean of the checkpoints after ${new Intl.ListFormat('en').format(imagesSeen.map(grouped))} images`;

/** The newest metrics in the log up to the checkpoint; none of a mean, which training has not measured. */
export async function metricsOf({ folder, checkpoint, meanOf }: TrainingRun): Promise<Record<string, number>> {
  if (meanOf) return {};
  const lines = await readLog(folder);
  const evaluated = lines.filter(({ imagesSeen, metrics }) => metrics && imagesSeen <= checkpoint.imagesSeen);
  return evaluated.at(-1)?.metrics ?? {};
}
