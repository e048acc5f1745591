/** @module Names for unfinished files, and the removal of those whose writer was killed. */

import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './is-alive.ts';

let made = 0;

/** A name beside `file` that no other process, here or on another machine with the same folder, writes to. */
export function partialName(file: string): string {
  return `${file}.${hostname()}.${process.pid}.${made++}.partial`;
}

/** Deletes the partial files that killed processes of this machine left in `folder`. */
export async function removeAbandoned(folder: string): Promise<void> {
  const mine = `.${hostname()}.`;
  for (const name of await readdir(folder)) {
    const owner = name.match(/\.(\d+)\.\d+\.partial\d*$/);
    if (owner && name.slice(0, owner.index! + 1).endsWith(mine) && !isAlive(Number(owner[1]))) {
      await rm(join(folder, name), { force: true });
    }
  }
}
