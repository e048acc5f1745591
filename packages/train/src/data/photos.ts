/**
 * @module A folder or zip of photos as a `Dataset`.
 *
 * Photos are decoded once, into a record file whose name is a hash of the options and of the source's paths, sizes and dates
 * (of a zip: its own size and date). As long as none of these change, later runs open that file without reading a photo. The
 * fingerprint is a hash of the photos' contents, computed while decoding: equal for equal photos, in any folder or zip.
 */

import { realpathSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import type { Config } from '@latent-dogs/dcgan';
import { partialName } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';
import {
  DEFAULT_CACHE_FOLDER,
  explainCacheError,
  limitCache,
  prepareCacheFolder,
  recordFileFor,
} from './cache-folder.ts';
import type { Dataset, DecodeProgress } from './dataset.ts';
import { decodePhoto, MIN_SIDE } from './decode-photo.ts';
import { decodeRecords } from './decode-records.ts';
import { finderDigest, NO_FACE } from './face-crop.ts';
import { canDecodeHeic } from './heic.ts';
import { openPhotoFolder } from './photo-folder.ts';
import { PHOTO_FORMATS } from './photo-format.ts';
import type { PhotoSource } from './photo-source.ts';
import { openPhotoZip } from './photo-zip.ts';
import { openRecordDataset, type RecordDataset } from './record-dataset.ts';
import { SkippedPhoto } from './skipped-photo.ts';

/** Part of cache keys and fingerprints. Raise it with every change of the pixels that a file is decoded to. */
const DECODING_VERSION = 'photos-1';

export interface PhotoOptions {
  /** A folder, searched with its subfolders, or a .zip. */
  path: string;
  size: number;
  photoSize: number | null;
  crop: Config['crop'];
  cacheDir?: string;
  onProgress?: (progress: DecodeProgress) => void;
}

/** @throws UserError if there is no such folder or zip, or no usable photo in it */
export async function openPhotos(options: PhotoOptions): Promise<RecordDataset> {
  const { path, size, photoSize, crop, onProgress } = options;
  const isFolder = await checkPath(path);
  const name = isFolder ? basename(resolve(path)) : basename(path, extname(path));
  const cacheDir = await prepareCacheFolder(options.cacheDir);
  const spillPrefix = partialName(join(cacheDir, 'listing'));
  const onListed = (total: number) => onProgress?.({ done: 0, total, skipped: 0 });

  const opening: Promise<PhotoSource> = isFolder
    ? openPhotoFolder({ folder: path, except: realpathSync(cacheDir), spillPrefix, onListed })
    : openPhotoZip({ file: path, spillPrefix, onListed });
  const source = await opening.catch((error: unknown) => explainCacheError(error, cacheDir));
  try {
    const file = cacheFileOf(cacheDir, source, options);
    const ready = await openRecordDataset(name, file);
    if (ready) return ready;

    const listing = await source.list();
    const header = await decodeRecords({
      file,
      size,
      options: decodingOf(options),
      items: listing.inOrder(),
      total: listing.count,
      read: (item) => source.read(item),
      decode: (bytes) => decodePhoto(bytes, { size, photoSize, crop }),
      onProgress,
    });
    if (header.count === 0) throw noPhotos(path, listing.count, header.skippedCounts);
    await limitCache(cacheDir);
    return (await openRecordDataset(name, file))!;
  } catch (error) {
    return explainCacheError(error, cacheDir);
  } finally {
    await source.close();
  }
}

interface Survey {
  /** Files that may be photos. */
  files: number;
  /** Of the photos, if they were decoded before; null: they were not. */
  decoded: Pick<Dataset, 'count' | 'distinct'> | null;
}

/**
 * What there is to train on, without decoding it and without writing anything.
 *
 * @throws UserError if there is no such folder or zip, or no file in it has the first bytes of a photo
 */
export async function surveyPhotos(options: PhotoOptions): Promise<Survey> {
  const { path } = options;
  const isFolder = await checkPath(path);
  const cacheDir = resolve(options.cacheDir ?? DEFAULT_CACHE_FOLDER);
  const spillPrefix = partialName(join(tmpdir(), 'latent-dogs-listing'));
  const listed = { spillPrefix, onListed: () => {} };
  const source: PhotoSource = isFolder
    ? await openPhotoFolder({ folder: path, except: cacheDir, ...listed })
    : await openPhotoZip({ file: path, ...listed });
  try {
    const ready = await openRecordDataset('', cacheFileOf(cacheDir, source, options));
    if (ready) {
      await ready.close();
      const { count, distinct, skippedCounts } = ready;
      return { files: count + Object.values(skippedCounts).reduce((a, b) => a + b, 0), decoded: { count, distinct } };
    }
    const listing = await source.list();
    const skippedCounts: Record<string, number> = {};
    for await (const item of listing.inOrder()) {
      try {
        await source.read(item);
        return { files: listing.count, decoded: null };
      } catch (error) {
        if (!(error instanceof SkippedPhoto)) throw error;
        skippedCounts[error.category] = (skippedCounts[error.category] ?? 0) + 1;
      }
    }
    throw noPhotos(path, listing.count, skippedCounts);
  } finally {
    await source.close();
  }
}

function cacheFileOf(cacheDir: string, source: PhotoSource, { size, photoSize, crop }: PhotoOptions): string {
  return recordFileFor(cacheDir, [source.stamp, decodingOf({ size, photoSize, crop }), canDecodeHeic()]);
}

const decodingOf = ({ size, photoSize, crop }: Pick<PhotoOptions, 'size' | 'photoSize' | 'crop'>) => [
  DECODING_VERSION,
  size,
  photoSize,
  crop,
  ...(crop === 'face' ? [finderDigest()] : []),
];

/** True for a folder, false for a zip. */
async function checkPath(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  if (!info) throw new UserError(`${path} does not exist; give a folder of photos or a .zip of them`);
  if (info.isDirectory()) return true;
  if (info.isFile() && /\.zip$/i.test(path)) return false;
  throw new UserError(
    `${path} is neither a folder nor a .zip; give a folder of photos (${PHOTO_FORMATS}) or a .zip of them`,
  );
}

function noPhotos(path: string, found: number, skippedCounts: Readonly<Record<string, number>>): UserError {
  const skipped = Object.entries(skippedCounts).map(([category, count]) => `${count} ${category}`);
  const what = found === 0 ? 'it holds no files' : `of ${found} files, ${skipped.join(', ')}`;
  if (NO_FACE in skippedCounts)
    return new UserError(`no dog's face was found in ${path}: ${what}; use --crop attention or --crop center instead`);
  return new UserError(
    `there is no usable photo in ${path}: ${what}; give a folder or .zip with photos of at least ` +
      `${MIN_SIDE}x${MIN_SIDE} pixels (${PHOTO_FORMATS})`,
  );
}
