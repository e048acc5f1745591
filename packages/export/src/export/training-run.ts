/** @module A run folder as an export reads it. */
import { grouped } from '@latent-dogs/command-line';
import type { Checkpoint } from '@latent-dogs/dcgan';
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

/** Training's default folder for runs. */
const RUNS = 'runs';

/** Images seen at a checkpoint, or which one; null: the best, or the newest if none was evaluated. */
export type CheckpointChoice = number | 'best' | 'latest' | null;

export interface TrainingRun {
  readonly folder: string;
  readonly record: RunRecord;
  readonly checkpoint: Checkpoint;
  /** Images seen at the newest checkpoint, which may be damaged. */
  readonly newest: number;
}

/**
 * Opens a run at one of its checkpoints.
 *
 * @param run `latest` or a run folder
 * @param at the checkpoint; damaged ones are passed over, unless one is chosen by its images seen
 * @throws UserError if there is no such run or checkpoint, listing those that exist
 */
export async function openTrainingRun(run: string, at: CheckpointChoice): Promise<TrainingRun> {
  const folder = await findRun(run, RUNS).catch((error: unknown) => {
    if (run !== 'latest' || !(error instanceof UserError)) throw error;
    throw new UserError(`there is no run in '${RUNS}' yet; train one first with pnpm train, or name one with --run`);
  });
  const record = await readRunRecord(folder);
  const checkpoint = await openCheckpoint(folder, at);
  if (!checkpoint.healthy)
    console.warn(`Warning: training was not going well at ${grouped(checkpoint.imagesSeen)} images`);
  const newest = imagesAt((await checkpointFolders(folder)).at(-1)!);
  return { folder, record, checkpoint, newest };
}

async function openCheckpoint(folder: string, at: CheckpointChoice): Promise<Checkpoint> {
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

/** The newest metrics in the log up to the checkpoint. */
export async function metricsOf({ folder, checkpoint }: TrainingRun): Promise<Record<string, number>> {
  const lines = await readLog(folder);
  const evaluated = lines.filter(({ imagesSeen, metrics }) => metrics && imagesSeen <= checkpoint.imagesSeen);
  return evaluated.at(-1)?.metrics ?? {};
}
