/** @module The folder of decoded datasets. Deleting it costs only the time to decode again. */

import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { adviceOn, makeFolder, removeAbandoned } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';
import { skippedFile } from './record-file.ts';

/** Relative to the working directory, which is the repository in `pnpm` scripts. */
export const DEFAULT_CACHE_FOLDER = '.cache/latent-dogs';

/** Bytes of decoded sets of images, beyond which those not used for longest are deleted: two sets of 100,000 photos at 128x128. */
export const CACHE_LIMIT = 10e9;

interface DecodedSet {
  file: string;
  bytes: number;
  /** `openRecordDataset` notes each use. */
  used: Date;
}

/** The decoded sets in a cache folder, the one used last first. */
export async function decodedSets(folder: string): Promise<DecodedSet[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.dogs'));
  const sets: DecodedSet[] = [];
  for (const name of names) {
    const file = join(folder, name);
    const info = await stat(file).catch(() => null);
    if (info) sets.push({ file, bytes: info.size, used: info.mtime });
  }
  return sets.sort((a, b) => b.used.getTime() - a.used.getTime());
}

/** Deletes the sets not used for longest, until those left, with the one used last, take at most `limit` bytes. */
export async function limitCache(folder: string, limit = CACHE_LIMIT): Promise<void> {
  let total = 0;
  for (const [i, { file, bytes }] of (await decodedSets(folder)).entries()) {
    total += bytes;
    if (i === 0 || total <= limit) continue;
    // Windows does not delete what another process reads.
    await rm(file, { force: true }).catch(() => {});
    await rm(skippedFile(file), { force: true }).catch(() => {});
  }
}

/** Creates the folder if it is missing, deletes files that killed processes left in it, and returns its absolute path. */
export async function prepareCacheFolder(folder: string = DEFAULT_CACHE_FOLDER): Promise<string> {
  const absolute = resolve(folder);
  await makeFolder(absolute).catch((error: unknown) => explainCacheError(error, absolute));
  await removeAbandoned(absolute);
  return absolute;
}

/** The path of the record file for `inputs`, all that the decoded pixels depend on. */
export function recordFileFor(folder: string, inputs: unknown): string {
  const key = createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 32);
  return join(folder, `${key}.dogs`);
}

/** Throws a `UserError` if the user can do something about `error`, and `error` itself otherwise. */
export function explainCacheError(error: unknown, folder: string): never {
  const advice = adviceOn(error);
  throw advice ? new UserError(`decoded photos cannot be stored in ${folder}: ${advice}`) : error;
}
