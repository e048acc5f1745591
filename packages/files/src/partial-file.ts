/** @module Names for files in the making, and the removal of those whose maker was killed. */

import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

let made = 0;

/** A name beside `file` that no other process, here or on another machine with the same folder, writes to. */
export function partialName(file: string): string {
  return `${file}.${hostname()}.${process.pid}.${made++}.partial`;
}

/** Deletes what killed processes of this machine left in `folder`: of a large collection that is gigabytes. */
export async function removeAbandoned(folder: string): Promise<void> {
  const mine = `.${hostname()}.`;
  for (const name of await readdir(folder)) {
    const owner = name.match(/\.(\d+)\.\d+\.partial\d*$/);
    if (owner && name.slice(0, owner.index! + 1).endsWith(mine) && !isRunning(Number(owner[1]))) {
      await rm(join(folder, name), { force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
