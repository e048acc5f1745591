/** @module The checkpoint from which a run goes on. */
import type { Checkpoint, Config } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { checkpointFolders, imagesAt, latestCheckpoint } from './checkpoint.ts';
import { readLog } from './log.ts';

interface Continuation {
  /** The newest intact checkpoint; null: the run has taken no step. */
  checkpoint: Checkpoint | null;
  /** What is wrong with the newer ones. */
  damaged: string[];
}

/**
 * Changes nothing.
 *
 * @throws UserError if the run was trained, or started from other networks, and no intact checkpoint is left.
 */
export async function checkpointToContinue(runFolder: string, { from }: Pick<Config, 'from'>): Promise<Continuation> {
  const damaged: string[] = [];
  const checkpoint = await latestCheckpoint(runFolder, { onDamaged: (_folder, reason) => damaged.push(reason) });
  if (checkpoint) return { checkpoint, damaged };
  const logged = (await readLog(runFolder)).at(-1)?.imagesSeen ?? 0;
  const seen = Math.max(logged, ...(await checkpointFolders(runFolder)).map(imagesAt));
  if (seen === 0 && from === null) return { checkpoint, damaged: [] };
  const why = damaged.length > 0 ? damaged.join('; ') : `there is none in ${runFolder}/checkpoints`;
  throw new UserError(
    `--resume: no intact checkpoint is left of ${runFolder}, which has seen ${seen} images: ${why}. Restore one from a backup, ` +
      `or start a new run: pnpm train without --resume${from === null ? '' : `, --from ${from}`}`,
  );
}
