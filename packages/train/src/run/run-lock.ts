/** @module A lock for a run: two training processes would prune each other's checkpoints and mix their logs. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, takePidFile } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';

/**
 * Locks the run for this process and returns the function that unlocks it. The lock of a killed process is ignored.
 *
 * @throws {UserError} naming the process that is training the run.
 */
export async function lockRun(runFolder: string): Promise<() => Promise<void>> {
  const file = join(runFolder, 'training.pid');
  const pid = await takePidFile(file);
  if (pid !== null) {
    throw new UserError(
      `${runFolder} is being trained by process ${pid}; wait for it, or stop it with Ctrl-C ` +
        `(if that process is unrelated, delete ${file})`,
    );
  }
  return () => rm(file, { force: true });
}

/** Whether a process of this machine trains the run. */
export async function isTraining(runFolder: string): Promise<boolean> {
  return isAlive(Number(await readFile(join(runFolder, 'training.pid'), 'utf8').catch(() => '')));
}
