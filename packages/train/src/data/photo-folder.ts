/** @module Photos in a folder and its subfolders. */

import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { open, opendir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@latent-dogs/latent';
import { isPhoto, SIGNATURE_BYTES } from './photo-format.ts';
import { isHidden, type ListedPhoto, MAX_FILE_BYTES, type PhotoSource } from './photo-source.ts';
import { SkippedPhoto } from './skipped-photo.ts';
import { SortedListing } from './sorted-listing.ts';

interface FolderItem extends ListedPhoto {
  bytes: number;
  /** Last change of contents and of the inode, ms. The latter also tells of a replaced file with its old date put back. */
  changed: [number, number];
  /** Why nothing can be read here, where listing already tells. */
  problem?: Problem;
}

type Problem = [category: string, detail?: string];

/** Files whose `stat` is in flight at once. */
const STAT_BATCH = 64;

/**
 * Lists `folder` (1,000,000 files do not fit in memory: see `SortedListing`), leaving out hidden names and the folder `except`.
 * Links to files and folders are followed; a folder reached twice, as in a loop of links, is listed once.
 */
export async function openPhotoFolder(options: {
  folder: string;
  except: string;
  spillPrefix: string;
  onListed: (count: number) => void;
}): Promise<PhotoSource<FolderItem>> {
  const root = await realpath(options.folder);
  const listing = new SortedListing<FolderItem>(options.spillPrefix);
  try {
    await listFolder(root, options.except, listing, options.onListed);
    // The place is part of the stamp: sizes and dates alone may agree between two unpacked collections.
    const stamp = createHash('sha256').update(root);
    for await (const item of listing.inOrder()) stamp.update(`${JSON.stringify(item)}\n`);
    return {
      stamp: stamp.digest('hex'),
      list: async () => listing,
      read: (item) => readPhoto(join(root, item.path), item),
      close: () => listing.close(),
    };
  } catch (error) {
    await listing.close();
    throw error;
  }
}

async function listFolder(
  root: string,
  except: string,
  listing: SortedListing<FolderItem>,
  onListed: (count: number) => void,
): Promise<void> {
  const seen = new Set<string>();
  const links: string[] = [];

  async function add(path: string, entry: Dirent, folders: string[]): Promise<void> {
    const info = await stat(join(root, path)).catch((error: NodeJS.ErrnoException) => error);
    if (info instanceof Error) {
      await addProblem(path, ['unreadable', info.code]);
    } else if (info.isDirectory()) {
      (entry.isSymbolicLink() ? links : folders).push(path);
    } else if (info.isFile()) {
      await listing.add({ path, bytes: info.size, changed: [info.mtimeMs, info.ctimeMs] });
    } else {
      await addProblem(path, ['not a file']);
    }
  }

  async function addProblem(path: string, problem: Problem): Promise<void> {
    await listing.add({ path, bytes: 0, changed: [0, 0], problem });
  }

  async function walk(folder: string): Promise<void> {
    const folders: string[] = [];
    for await (const batch of entriesOf(folder)) {
      const path = ({ name }: Dirent) => (folder === '' ? name : `${folder}/${name}`);
      await Promise.all(batch.map((entry) => add(path(entry), entry, folders)));
      onListed(listing.count);
    }
    for (const path of folders.sort()) await walk(path);
  }

  async function* entriesOf(folder: string): AsyncGenerator<Dirent[]> {
    const place = join(root, folder);
    let batch: Dirent[] = [];
    try {
      const { dev, ino } = await stat(place);
      if (place === except || seen.has(`${dev}:${ino}`)) return;
      seen.add(`${dev}:${ino}`);
      for await (const entry of await opendir(place, { bufferSize: 1024 })) {
        if (!isHidden(entry.name)) batch.push(entry);
        if (batch.length < STAT_BATCH) continue;
        yield batch;
        batch = [];
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (folder === '') throw new UserError(`${root} cannot be listed (${code}). Give a folder that you may read.`);
      await addProblem(folder, ['unreadable', code]);
    }
    yield batch;
  }

  await walk('');
  // Linked folders last and in order: under which name a folder is listed must not depend on the file system's order.
  while (links.length > 0) await walk(links.sort().shift()!);
  onListed(listing.count);
}

async function readPhoto(file: string, item: FolderItem): Promise<Buffer> {
  if (item.problem) throw new SkippedPhoto(...item.problem);
  if (item.bytes === 0) throw new SkippedPhoto('empty file');
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new SkippedPhoto('unreadable', error.code);
  });
  try {
    // A stray video in the folder costs 64 bytes, not all of it.
    const head = await handle.read(Buffer.alloc(SIGNATURE_BYTES), 0, SIGNATURE_BYTES, 0);
    if (!isPhoto(head.buffer.subarray(0, head.bytesRead))) throw new SkippedPhoto('not a supported image');
    if (item.bytes > MAX_FILE_BYTES) throw new SkippedPhoto('too large', `${item.bytes} bytes`);
    return await handle.readFile();
  } catch (error) {
    if (error instanceof SkippedPhoto) throw error;
    throw new SkippedPhoto('unreadable', (error as NodeJS.ErrnoException).code);
  } finally {
    await handle.close();
  }
}
