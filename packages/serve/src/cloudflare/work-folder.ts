/** @module A folder for each run of wrangler: two in one checkout must not change each other's files. */

import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '@latent-dogs/files';
import { PACKAGE } from './wrangler-config.ts';

const GENERATED = join(PACKAGE, 'generated');

/**
 * Makes this process's own folder, runs `work` in it and removes it. Folders of processes that were killed are removed
 * as well.
 *
 * @param parent where the folders are
 */
export async function inWorkFolder<Value>(
  work: (folder: string) => Promise<Value>,
  parent = GENERATED,
): Promise<Value> {
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    if (!isAlive(Number(name))) await rm(join(parent, name), { recursive: true, force: true });
  }
  const folder = join(parent, String(process.pid));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
