/** @module Creates folders. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates `folder` and those above it, if they are missing. Unlike `mkdir` with `recursive`, it fails where nothing can be created:
 * in `/proc`, for example, that function tries for ever.
 *
 * @throws the system's error
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(folder) !== folder) {
      await makeFolder(dirname(folder));
      await mkdir(folder).catch((again: unknown) => unlessFolder(again, folder));
    } else await unlessFolder(error, folder);
  }
}

/** Throws `error`, unless `folder` exists: another process may have created it. */
async function unlessFolder(error: unknown, folder: string): Promise<void> {
  if (!(await stat(folder).catch(() => null))?.isDirectory()) throw error;
}
