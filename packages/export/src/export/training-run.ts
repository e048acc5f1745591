/** @module A run folder as an export reads it. */
import { grouped } from '@latent-dogs/command-line';
import type { Checkpoint } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import {
  checkpointFolder,
  findRun,
  latestCheckpoint,
  type RunRecord,
  readCheckpoint,
  readLog,
  readRunRecord,
} from '@latent-dogs/train';

/** Training's default folder for runs. */
const RUNS = 'runs';

export interface TrainingRun {
  readonly folder: string;
  readonly record: RunRecord;
  readonly checkpoint: Checkpoint;
}

/**
 * Opens a run at one of its checkpoints.
 *
 * @param run `latest` or a run folder
 * @param at images seen at the checkpoint; `latest`: the newest undamaged one
 * @throws UserError if there is no such run or checkpoint, listing those that exist
 */
export async function openTrainingRun(run: string, at: number | 'latest'): Promise<TrainingRun> {
  const folder = await findRun(run, RUNS).catch((error: unknown) => {
    if (run !== 'latest' || !(error instanceof UserError)) throw error;
    throw new UserError(`there is no run in '${RUNS}' yet; train one first with pnpm train, or name one with --run`);
  });
  const record = await readRunRecord(folder);
  const checkpoint = await openCheckpoint(folder, at);
  if (!checkpoint.healthy)
    console.warn(`Warning: training was not going well at ${grouped(checkpoint.imagesSeen)} images`);
  return { folder, record, checkpoint };
}

async function openCheckpoint(folder: string, at: number | 'latest'): Promise<Checkpoint> {
  if (at === 'latest') {
    const damaged: string[] = [];
    const checkpoint = await latestCheckpoint(folder, { onDamaged: (_, reason) => damaged.push(reason) });
    for (const reason of damaged) console.warn(`Warning: ${reason}; using the previous one`);
    if (checkpoint) return checkpoint;
    throw new UserError(
      `--run: ${folder} holds no ${damaged.length > 0 ? 'undamaged ' : ''}checkpoint yet; continue its training with pnpm train --resume ${folder}`,
    );
  }
  return readCheckpoint(await checkpointFolder(folder, at));
}

/** The newest metrics in the log up to the checkpoint. */
export async function metricsOf({ folder, checkpoint }: TrainingRun): Promise<Record<string, number>> {
  const lines = await readLog(folder);
  const evaluated = lines.filter(({ imagesSeen, metrics }) => metrics && imagesSeen <= checkpoint.imagesSeen);
  return evaluated.at(-1)?.metrics ?? {};
}
