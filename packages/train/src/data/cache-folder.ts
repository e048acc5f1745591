/** @module The folder of decoded datasets. Deleting it costs only the time to decode again. */

import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { adviceOn, makeFolder, removeAbandoned } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';

/** Relative to the working directory, which is the repository in `pnpm` scripts. */
export const DEFAULT_CACHE_FOLDER = '.cache/latent-dogs';

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
