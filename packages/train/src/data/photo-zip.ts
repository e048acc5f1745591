/** @module Photos in a zip archive, read without unpacking it to disk. */

import { createHash } from 'node:crypto';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, crc32, inflateRaw } from 'node:zlib';
import { UserError } from '@latent-dogs/latent';
import { Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl';
import { checkFormat, SIGNATURE_BYTES } from './photo-format.ts';
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
    new UserError(`${file} cannot be read as a zip: ${reasonOf(error)}; give a folder of photos or an intact .zip`);

  // Names are decoded here: yauzl rejects the whole archive for a name like `../dog.jpg`, which is harmless if nothing is unpacked.
  const zip = await openPromise(file, { decodeStrings: false, autoClose: false }).catch((error: unknown) => {
    throw explain(error);
  });
  const archive = await open(file);
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
    read: (item) => readEntry(zip, archive, item),
    async close() {
      await archive.close();
      zip.close();
      await listing.close();
    },
  };
}

/** In words: yauzl names fields of the format. */
function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  if (code) return message.replace(/\.+$/, '');
  // Other programs find the entries by their distance from the end; yauzl reads the positions as they are written.
  if (message.startsWith('invalid central directory file header signature'))
    return 'something lies before the zip in the file, as in a self-extracting one: unpack it, or pack it anew';
  if (message.startsWith('multi-disk')) return 'it is one part of several';
  return 'it is damaged or cut off, or another kind of archive, such as rar or 7z';
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
      bytes: entry.uncompressedSize,
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

/** Compressed bytes that are inflated to recognise a photo. They hold the code tables of deflate and the first bytes of the file. */
const HEAD_BYTES = 1024;
const ENCRYPTED = 1;
const [STORED, DEFLATED] = [0, 8];
const inflate = promisify(inflateRaw);

/** Of an entry that is no photo, such as a video, only the first bytes are read. */
async function readEntry(zip: ZipFile, archive: FileHandle, { path, location }: ZipItem): Promise<Buffer> {
  const { uncompressedSize, compressedSize, compressionMethod, generalPurposeBitFlag } = location;
  if (uncompressedSize === 0) throw new SkippedPhoto('empty file');
  if (generalPurposeBitFlag & ENCRYPTED) throw new SkippedPhoto('encrypted', 'unpack the zip with its password');
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
    throw new SkippedPhoto('compressed by another method than deflate', 'unpack the zip, or pack it anew');
  try {
    const entry: Entry = Object.assign(Object.create(Entry.prototype), location);
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    const head = await readExactly(archive, fileDataStart, Math.min(HEAD_BYTES, compressedSize));
    const start = compressionMethod === STORED ? head : await inflate(head, { finishFlush: constants.Z_SYNC_FLUSH });
    checkFormat(start.subarray(0, SIGNATURE_BYTES), path);
    if (Math.max(uncompressedSize, compressedSize) > MAX_FILE_BYTES)
      throw new SkippedPhoto('too large', `${uncompressedSize} bytes`);
    const data = await readExactly(archive, fileDataStart, compressedSize);
    const bytes = compressionMethod === STORED ? data : await inflate(data, { maxOutputLength: uncompressedSize });
    if (crc32(bytes) !== location.crc32) throw new SkippedPhoto('broken', 'the checksum of the zip entry is wrong');
    return bytes;
  } catch (error) {
    if (error instanceof SkippedPhoto) throw error;
    throw new SkippedPhoto('broken', `the zip entry: ${(error as Error).message}`);
  }
}

async function readExactly(archive: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await archive.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw new Error('the zip ends within it');
  return buffer;
}
