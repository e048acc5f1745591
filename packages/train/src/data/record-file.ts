/**
 * @module The cache file of a decoded dataset, `<key>.dogs`: a JSON header padded with spaces to 4,096 bytes, then `count`
 * records of uint8 [size, size, 3]. Beside it lies `<key>.skipped.jsonl` with one skipped file per line. Both may be deleted
 * at any time.
 */

import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { crc32 } from 'node:zlib';
import { moveInPlace, partialName } from '@latent-dogs/files';
import type { SkippedFile } from './dataset.ts';

const HEADER_BYTES = 4096;
/** Raise the number with every change of the format: files of another number are not read, but written again. */
const FORMAT = 'latent-dogs-records-3';

export interface RecordHeader {
  count: number;
  size: number;
  fingerprint: string;
  /** How many of the images differ from all others. */
  distinct: number;
  /** How many files were skipped, by category. */
  skippedCounts: Record<string, number>;
}

/** The header as it is in the file. */
interface StoredHeader extends RecordHeader {
  format: string;
  /** CRC-32 of all records. */
  checksum: number;
}

export function recordBytes(size: number): number {
  return 3 * size * size;
}

/** Writes under another name until `finish`, so that a kill at any instant leaves no incomplete `file`. */
export class RecordWriter {
  readonly #file: string;
  readonly #records: PartialFile;
  readonly #skipped: PartialFile;
  #checksum = 0;

  private constructor(file: string, records: PartialFile, skipped: PartialFile) {
    this.#file = file;
    this.#records = records;
    this.#skipped = skipped;
  }

  static async create(file: string): Promise<RecordWriter> {
    const records = await openPartial(file);
    const skipped = await openPartial(skippedFile(file)).catch(async (error: unknown) => {
      await dropPartial(records);
      throw error;
    });
    const writer = new RecordWriter(file, records, skipped);
    await records.handle.write(Buffer.alloc(HEADER_BYTES)).catch(async (error: unknown) => {
      await writer.abandon();
      throw error;
    });
    return writer;
  }

  async append(record: Uint8Array): Promise<void> {
    this.#checksum = crc32(record, this.#checksum);
    await this.#records.handle.appendFile(record);
  }

  async appendSkipped(skipped: SkippedFile): Promise<void> {
    await this.#skipped.handle.appendFile(`${JSON.stringify(skipped)}\n`);
  }

  async finish(header: RecordHeader): Promise<void> {
    const stored: StoredHeader = { format: FORMAT, ...header, checksum: this.#checksum };
    const text = JSON.stringify(stored);
    await this.#records.handle.write(Buffer.from(text.padEnd(HEADER_BYTES)), 0, HEADER_BYTES, 0);
    for (const { handle } of [this.#skipped, this.#records]) {
      await handle.sync();
      await handle.close();
    }
    await moveInPlace(this.#skipped.name, skippedFile(this.#file));
    await moveInPlace(this.#records.name, this.#file);
  }

  /** Deletes what was written, unless `finish` was called. */
  async abandon(): Promise<void> {
    for (const file of [this.#records, this.#skipped]) await dropPartial(file);
  }
}

interface PartialFile {
  name: string;
  handle: FileHandle;
}

async function openPartial(file: string): Promise<PartialFile> {
  const name = partialName(file);
  return { name, handle: await open(name, 'w') };
}

async function dropPartial({ name, handle }: PartialFile): Promise<void> {
  await handle.close().catch(() => {});
  await rm(name, { force: true });
}

export interface RecordFile {
  header: RecordHeader;
  records: FileHandle;
}

/** Opens `file`. Null if it does not exist, is incomplete, damaged or has another format: then it must be written (again). */
export async function openRecordFile(file: string): Promise<RecordFile | null> {
  const records = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!records) return null;
  const header = await readHeader(records);
  if (header && (await checksumOf(records)) === header.checksum) return { header, records };
  await records.close();
  return null;
}

async function readHeader(records: FileHandle): Promise<StoredHeader | null> {
  try {
    const { buffer } = await records.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    const header = JSON.parse(buffer.toString()) as StoredHeader;
    const { size } = await records.stat();
    const isWhole = size === HEADER_BYTES + header.count * recordBytes(header.size);
    return header.format === FORMAT && isWhole ? header : null;
  } catch {
    return null;
  }
}

async function checksumOf(records: FileHandle): Promise<number> {
  const chunk = Buffer.alloc(2 ** 22);
  let checksum = 0;
  for (let position = HEADER_BYTES; ; ) {
    const { bytesRead } = await records.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) return checksum;
    checksum = crc32(chunk.subarray(0, bytesRead), checksum);
    position += bytesRead;
  }
}

/** Reads record `index` into `target`, which is as long as one record. */
export async function readRecord(records: FileHandle, index: number, target: Uint8Array): Promise<void> {
  const { bytesRead } = await records.read(target, 0, target.length, HEADER_BYTES + index * target.length);
  if (bytesRead !== target.length)
    throw new Error(`the photo cache ended at record ${index}: was the file changed while it was in use?`);
}

/** The first `limit` of the skipped files that are listed beside `file`. Null if it does not list `total` files. */
export async function readSkipped(file: string, limit: number, total: number): Promise<SkippedFile[] | null> {
  const skipped: SkippedFile[] = [];
  let listed = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(skippedFile(file)) })) {
      const { file: name, reason } = JSON.parse(line) as SkippedFile;
      if (typeof name !== 'string' || typeof reason !== 'string') return null;
      if (listed++ < limit) skipped.push({ file: name, reason });
    }
  } catch {
    return null;
  }
  return listed === total ? skipped : null;
}

/** The path of the list of skipped files. */
export function skippedFile(file: string): string {
  return file.replace(/\.dogs$/, '.skipped.jsonl');
}
