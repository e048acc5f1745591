/** @module A lock for a run: two training processes would prune each other's checkpoints and mix their logs. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';

/**
 * Locks the run for this process and returns the function that unlocks it. The lock of a killed process is ignored.
 *
 * @throws {UserError} naming the process that is training the run.
 */
export async function lockRun(runFolder: string): Promise<() => Promise<void>> {
  const file = join(runFolder, 'training.pid');
  for (;;) {
    try {
      await writeFile(file, `${process.pid}\n`, { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = Number(await readFile(file, 'utf8').catch(() => ''));
    // In containers every trainer may have the same id: a file with this process's id is from a killed one.
    if (pid !== process.pid && isAlive(pid)) {
      throw new UserError(
        `${runFolder} is being trained by process ${pid}; wait for it, or stop it with Ctrl-C ` +
          `(if that process is unrelated, delete ${file})`,
      );
    }
    await rm(file, { force: true });
  }
}

/** Whether a process of this machine trains the run. */
export async function isTraining(runFolder: string): Promise<boolean> {
  return isAlive(Number(await readFile(join(runFolder, 'training.pid'), 'utf8').catch(() => '')));
}
