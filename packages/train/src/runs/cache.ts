/** @module The caches: decoded photos, drawn dogs, and measured speeds. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DEFAULT_CACHE_FOLDER, decodedSets } from '../data/cache-folder.ts';

export interface CacheSummary {
  folder: string;
  /** Decoded sets of images, the one used last first. */
  sets: { bytes: number; used: Date }[];
  /** Bytes of everything. */
  bytes: number;
}

export async function cacheSummary(folder = resolve(DEFAULT_CACHE_FOLDER)): Promise<CacheSummary> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(({ parentPath, name }) =>
      stat(join(parentPath, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  const sets = (await decodedSets(folder)).map(({ bytes, used }) => ({ bytes, used }));
  return { folder, sets, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Deletes all caches, except what a process is writing. Returns what there was. A running training keeps its images: it has them open. */
export async function clearCache(folder = resolve(DEFAULT_CACHE_FOLDER)): Promise<CacheSummary> {
  const before = await cacheSummary(folder);
  for (const name of await readdir(folder).catch(() => []))
    if (!/\.partial\d*$/.test(name)) await rm(join(folder, name), { recursive: true, force: true });
  return before;
}
