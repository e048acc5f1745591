/** @module The folder of decoded datasets. Everything in it can be made again: deleting it only costs the time to decode. */

import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { removeAbandoned } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';

/** Relative to the working directory, which for `pnpm` scripts is the repository. */
export const DEFAULT_CACHE_FOLDER = '.cache/latent-dogs';

/** Makes the folder where it is missing and clears it of what killed processes left. Returns its absolute path. */
export async function prepareCacheFolder(folder: string = DEFAULT_CACHE_FOLDER): Promise<string> {
  const absolute = resolve(folder);
  await mkdir(absolute, { recursive: true }).catch((error: unknown) => explainCacheError(error, absolute));
  await removeAbandoned(absolute);
  return absolute;
}

/** The record file for `inputs`: whatever the decoded pixels depend on. */
export function recordFileFor(folder: string, inputs: unknown): string {
  const key = createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 32);
  return join(folder, `${key}.dogs`);
}

const ADVICE: Record<string, string> = {
  ENOSPC: 'the disk is full: free some space',
  EDQUOT: 'the disk quota is used up: free some space',
  EACCES: 'it is not writable for you: change its permissions',
  EPERM: 'it is not writable for you: change its permissions',
  EROFS: 'the file system is read-only: work in a folder that can be written to',
  ENOTDIR: 'a part of that path is a file: move it away',
  EEXIST: 'there is a file of that name: move it away',
};

/** Rethrows, as a `UserError` where the user can do something about it. */
export function explainCacheError(error: unknown, folder: string): never {
  const advice = ADVICE[(error as NodeJS.ErrnoException).code ?? ''];
  throw advice ? new UserError(`Decoded photos cannot be kept in ${folder}: ${advice}.`) : error;
}
