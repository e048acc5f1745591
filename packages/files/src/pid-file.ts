/** @module A lock between processes: a file with the id of the process that holds it. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { isAlive } from './is-alive.ts';

/**
 * Takes the lock for this process, unless another one that still runs has it. The lock of a killed process is ignored. Delete the
 * file to release it.
 *
 * @returns null, or the id of the process that has the lock
 */
export async function takePidFile(file: string): Promise<number | null> {
  for (;;) {
    try {
      await writeFile(file, `${process.pid}\n`, { flag: 'wx' });
      return null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = Number(await readFile(file, 'utf8').catch(() => ''));
    // In containers every process may have the same id: a file with this one's id is from a killed one.
    if (pid !== process.pid && isAlive(pid)) return pid;
    await rm(file, { force: true });
  }
}
