/** @module Files that are either whole or not there, after a kill or a power cut at any instant. */
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces `file` by `contents`: readers see the old contents or the new, never a part. */
export async function writeFileAtomically(file: string, contents: string | Uint8Array): Promise<void> {
  const beside = `${file}.tmp-${process.pid}`;
  const handle = await open(beside, 'w');
  try {
    await handle.writeFile(contents);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, file);
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
