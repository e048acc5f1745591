/** @module Files that are either whole or absent, after a kill or a power cut at any instant. */
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { naming } from './system-error.ts';

/** Replaces the contents of `file`: readers see the old contents or the new, never a part. If it fails, nothing is left behind. */
export async function writeFileAtomically(file: string, contents: string | Uint8Array): Promise<void> {
  const partial = `${file}.tmp-${process.pid}`;
  try {
    await naming(file, async () => {
      const handle = await open(partial, 'w');
      try {
        await handle.writeFile(contents);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await moveInPlace(partial, file);
    });
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw error;
  }
}

/** Gives `partial`, complete and synced, its final name in the same folder, durably. */
export async function moveInPlace(partial: string, file: string): Promise<void> {
  await rename(partial, file);
  await syncFolder(dirname(file));
}

/** Makes names created, renamed or removed in `folder` durable. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows can't open a folder, and journals names by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
