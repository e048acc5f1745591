/** @module What an export takes from a run folder. */
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

/** Where training puts its run folders unless told otherwise. */
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
 * @param at images seen at the checkpoint, or the newest that is whole
 * @throws UserError where there is no such run or checkpoint, saying what there is
 */
export async function openTrainingRun(run: string, at: number | 'latest'): Promise<TrainingRun> {
  const folder = await findRun(run, RUNS).catch((error: unknown) => {
    if (run !== 'latest' || !(error instanceof UserError)) throw error;
    throw new UserError(`there is no run in '${RUNS}' yet; train one first with pnpm train, or name one with --run`);
  });
  const record = await readRunRecord(folder);
  const checkpoint = await openCheckpoint(folder, at);
  if (!checkpoint.healthy) console.warn(`Warning: training was not going well at ${checkpoint.imagesSeen} images`);
  return { folder, record, checkpoint };
}

async function openCheckpoint(folder: string, at: number | 'latest'): Promise<Checkpoint> {
  if (at === 'latest') {
    const damaged: string[] = [];
    const checkpoint = await latestCheckpoint(folder, { onDamaged: (_, reason) => damaged.push(reason) });
    for (const reason of damaged) console.warn(`Warning: ${reason}; taking the one before`);
    if (checkpoint) return checkpoint;
    throw new UserError(
      `--run: ${folder} holds no ${damaged.length > 0 ? 'whole ' : ''}checkpoint yet; go on training it with pnpm train --resume ${folder}`,
    );
  }
  return readCheckpoint(await checkpointFolder(folder, at));
}

/** Metrics of the newest log line up to the checkpoint that has any. */
export async function metricsOf({ folder, checkpoint }: TrainingRun): Promise<Record<string, number>> {
  const lines = await readLog(folder);
  const evaluated = lines.filter(({ imagesSeen, metrics }) => metrics && imagesSeen <= checkpoint.imagesSeen);
  return evaluated.at(-1)?.metrics ?? {};
}
