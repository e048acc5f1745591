/** @module Photos in a folder and its subfolders. */

import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { open, opendir, realpath, stat } from 'node:fs/promises';
import { normalize } from 'node:path';
import { UserError } from '@latent-dogs/latent';
import { escaped, placeOf } from './file-name.ts';
import { checkFormat, SIGNATURE_BYTES } from './photo-format.ts';
import { isHidden, type ListedPhoto, MAX_FILE_BYTES, type PhotoSource } from './photo-source.ts';
import { SkippedPhoto } from './skipped-photo.ts';
import { SortedListing } from './sorted-listing.ts';

interface FolderItem extends ListedPhoto {
  /** Times of the last change of the contents and of the inode, in ms. The inode's reveals a new file that was given the old date. */
  changed: [number, number];
  /** Why the file cannot be read, if that is known from listing. */
  problem?: Problem;
}

type Problem = [category: string, detail?: string];

/** `stat` calls in flight at once. */
const STAT_BATCH = 64;

/**
 * Lists `folder` on disk (see `SortedListing`), without hidden names and without the folder `except`. Follows links to files
 * and folders; a folder that is reached twice, as in a loop of links, is listed once.
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
    // The path is part of the stamp: names, sizes and dates alone may be equal in two unpacked collections.
    const stamp = createHash('sha256').update(root);
    for await (const item of listing.inOrder()) stamp.update(`${JSON.stringify(item)}\n`);
    return {
      stamp: stamp.digest('hex'),
      list: async () => listing,
      read: (item) => readPhoto(placeOf(root, item.path), item),
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

  async function add(path: string, entry: Dirent<Buffer>, folders: string[]): Promise<void> {
    const info = await stat(placeOf(root, path)).catch((error: NodeJS.ErrnoException) => error);
    if (info instanceof Error) {
      await addProblem(path, ['unreadable', whyUnreadable(info)]);
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
      const path = ({ name }: Dirent<Buffer>) => (folder === '' ? '' : `${folder}/`) + escaped(name);
      await Promise.all(batch.map((entry) => add(path(entry), entry, folders)));
      onListed(listing.count);
    }
    for (const path of folders.sort()) await walk(path);
  }

  async function* entriesOf(folder: string): AsyncGenerator<Dirent<Buffer>[]> {
    const place = placeOf(root, folder);
    let batch: Dirent<Buffer>[] = [];
    try {
      const identity = await identityOf(place);
      if (normalize(String(place)) === except || seen.has(identity)) return;
      seen.add(identity);
      if (folder !== '' && (await isMadeByTraining(place))) return;
      for await (const entry of await openByBytes(place)) {
        if (!isHidden(escaped(entry.name))) batch.push(entry);
        if (batch.length < STAT_BATCH) continue;
        yield batch;
        batch = [];
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (folder === '')
        throw new UserError(`${root} cannot be listed (${code}); give a folder that you have permission to read`);
      await addProblem(folder, ['unreadable', whyUnreadable({ code })]);
    }
    yield batch;
  }

  await walk('');
  // Linked folders come last and in order: the name under which a folder is listed must not depend on the file system's order.
  while (links.length > 0) await walk(links.sort().shift()!);
  onListed(listing.count);
}

/** A folder's entries, with the bytes of the file system as names. */
async function openByBytes(folder: string | Buffer): Promise<AsyncIterable<Dirent<Buffer>>> {
  // The types of Node know this encoding of `readdir` only.
  const options = { encoding: 'buffer' as BufferEncoding, bufferSize: 1024 };
  return (await opendir(folder as string, options)) as unknown as AsyncIterable<Dirent<Buffer>>;
}

/** Tells folders apart. As plain numbers, the ids of NTFS would be rounded, and two folders could seem to be one. */
async function identityOf(folder: string | Buffer): Promise<string> {
  const { dev, ino } = await stat(folder, { bigint: true });
  return `${dev}:${ino}`;
}

/** Whether a folder is a run or a search: its sheets are no photos to train on. */
async function isMadeByTraining(folder: string | Buffer): Promise<boolean> {
  const has = (name: string) =>
    stat(Buffer.concat([Buffer.from(folder), Buffer.from(`/${name}`)])).then(
      () => true,
      () => false,
    );
  return (await has('find-lr.json')) || ((await has('config.json')) && (await has('checkpoints')));
}

/** Of the errors that photos meet. */
const WHY: Record<string, string> = {
  ENOENT: 'deleted, or a link to nothing',
  ELOOP: 'a link to itself',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EIO: 'the disk cannot be read',
};

const whyUnreadable = ({ code }: { code?: string | undefined }) => WHY[code ?? ''] ?? code;

async function readPhoto(file: string | Buffer, item: FolderItem): Promise<Buffer> {
  if (item.problem) throw new SkippedPhoto(...item.problem);
  if (item.bytes === 0) throw new SkippedPhoto('empty file');
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new SkippedPhoto('unreadable', whyUnreadable(error));
  });
  try {
    // Of a file that is no photo, such as a video, only 64 bytes are read.
    const head = await handle.read(Buffer.alloc(SIGNATURE_BYTES), 0, SIGNATURE_BYTES, 0);
    checkFormat(head.buffer.subarray(0, head.bytesRead), item.path);
    if (item.bytes > MAX_FILE_BYTES) throw new SkippedPhoto('too large', `${item.bytes} bytes`);
    return await handle.readFile();
  } catch (error) {
    if (error instanceof SkippedPhoto) throw error;
    throw new SkippedPhoto('unreadable', whyUnreadable(error as NodeJS.ErrnoException));
  } finally {
    await handle.close();
  }
}
