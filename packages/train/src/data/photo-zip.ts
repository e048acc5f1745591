/** @module Photos in a zip archive, read without unpacking it to disk. */

import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { UserError } from '@latent-dogs/latent';
import { Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl';
import { isPhoto, SIGNATURE_BYTES } from './photo-format.ts';
import { isHidden, type ListedPhoto, MAX_FILE_BYTES, type PhotoSource } from './photo-source.ts';
import { SkippedPhoto } from './skipped-photo.ts';
import { SortedListing } from './sorted-listing.ts';

/** The fields of a central directory entry that yauzl needs to read its data later. */
type EntryLocation = Pick<
  Entry,
  | 'compressedSize'
  | 'uncompressedSize'
  | 'compressionMethod'
  | 'crc32'
  | 'generalPurposeBitFlag'
  | 'relativeOffsetOfLocalHeader'
>;

interface ZipItem extends ListedPhoto {
  location: EntryLocation;
}

/** @throws UserError if `file` is no zip */
export async function openPhotoZip(options: {
  file: string;
  spillPrefix: string;
  onListed: (count: number) => void;
}): Promise<PhotoSource<ZipItem>> {
  const { file } = options;
  const { size, mtimeMs, ctimeMs } = await stat(file);
  const stamp = createHash('sha256').update(JSON.stringify([await realpath(file), size, mtimeMs, ctimeMs]));
  const listing = new SortedListing<ZipItem>(options.spillPrefix);
  const explain = (error: unknown) =>
    new UserError(
      `${file} cannot be read as a zip: ${(error as Error).message}; give a folder of photos or an intact .zip`,
    );

  // Names are decoded here: yauzl rejects the whole archive for a name like `../dog.jpg`, which is harmless if nothing is unpacked.
  const zip = await openPromise(file, { decodeStrings: false, autoClose: false }).catch((error: unknown) => {
    throw explain(error);
  });
  return {
    stamp: stamp.digest('hex'),
    async list() {
      try {
        await listZip(zip, listing, options.onListed);
      } catch (error) {
        throw explain(error);
      }
      return listing;
    },
    read: (item) => readEntry(zip, item.location),
    async close() {
      zip.close();
      await listing.close();
    },
  };
}

async function listZip(
  zip: ZipFile,
  listing: SortedListing<ZipItem>,
  onListed: (count: number) => void,
): Promise<void> {
  for await (const entry of zip.eachEntry()) {
    const path = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
    if (path.endsWith('/') || path.split('/').some((name) => isHidden(name) && name !== '..' && name !== '.')) continue;
    await listing.add({
      path,
      location: {
        compressedSize: entry.compressedSize,
        uncompressedSize: entry.uncompressedSize,
        compressionMethod: entry.compressionMethod,
        crc32: entry.crc32,
        generalPurposeBitFlag: entry.generalPurposeBitFlag,
        relativeOffsetOfLocalHeader: entry.relativeOffsetOfLocalHeader,
      },
    });
    if (listing.count % 1000 === 0) onListed(listing.count);
  }
  onListed(listing.count);
}

async function readEntry(zip: ZipFile, location: EntryLocation): Promise<Buffer> {
  if (location.uncompressedSize === 0) throw new SkippedPhoto('empty file');
  const entry: Entry = Object.assign(Object.create(Entry.prototype), location);
  const chunks: Buffer[] = [];
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream) {
      chunks.push(chunk);
      if (chunks.length > 1) continue;
      if (!isPhoto(chunk.subarray(0, SIGNATURE_BYTES))) throw new SkippedPhoto('not a supported image');
      if (location.uncompressedSize > MAX_FILE_BYTES) {
        throw new SkippedPhoto('too large', `${location.uncompressedSize} bytes`);
      }
    }
  } catch (error) {
    if (error instanceof SkippedPhoto) throw error;
    throw new SkippedPhoto('unreadable', (error as Error).message);
  }
  const bytes = Buffer.concat(chunks);
  if (crc32(bytes) !== location.crc32) throw new SkippedPhoto('broken', 'the checksum of the zip entry is wrong');
  return bytes;
}
