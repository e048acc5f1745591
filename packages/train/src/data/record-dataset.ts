/** @module A `Dataset` in a record file. No images are held in memory; the system's page cache makes repeated reads fast. */

import type { FileHandle } from 'node:fs/promises';
import type { Dataset, SkippedFile } from './dataset.ts';
import { openRecordFile, type RecordHeader, readRecord, readSkipped, recordBytes, skippedFile } from './record-file.ts';

/** Skipped files held in memory. The `.skipped.jsonl` beside the record file names all of them. */
const NAMED_SKIPS = 1000;

/** Null if `file` must be written first. */
export async function openRecordDataset(name: string, file: string): Promise<RecordDataset | null> {
  const opened = await openRecordFile(file);
  if (!opened) return null;
  const total = Object.values(opened.header.skippedCounts).reduce((sum, count) => sum + count, 0);
  const skipped = await readSkipped(file, NAMED_SKIPS, total);
  if (!skipped) {
    await opened.records.close();
    return null;
  }
  // The cache folder drops what was not used for longest.
  await opened.records.utimes(new Date(), new Date()).catch(() => {});
  return new RecordDataset({
    name,
    header: opened.header,
    skipped,
    skippedList: skippedFile(file),
    records: opened.records,
  });
}

export class RecordDataset implements Dataset {
  readonly name: string;
  readonly count: number;
  readonly size: number;
  readonly fingerprint: string;
  readonly distinct: number;
  readonly skipped: readonly SkippedFile[];
  readonly skippedCounts: Readonly<Record<string, number>>;
  readonly skippedList: string;
  readonly #records: FileHandle;

  constructor(options: {
    name: string;
    header: RecordHeader;
    skipped: readonly SkippedFile[];
    skippedList: string;
    records: FileHandle;
  }) {
    const { header } = options;
    this.name = options.name;
    this.count = header.count;
    this.size = header.size;
    this.fingerprint = header.fingerprint;
    this.distinct = header.distinct;
    this.skipped = options.skipped;
    this.skippedCounts = header.skippedCounts;
    this.skippedList = options.skippedList;
    this.#records = options.records;
  }

  async read(indices: ArrayLike<number>, out: Uint8Array): Promise<void> {
    const bytes = recordBytes(this.size);
    if (out.length !== indices.length * bytes) {
      throw new RangeError(
        `${indices.length} images of ${this.size}x${this.size} take ${indices.length * bytes} bytes, not ${out.length}`,
      );
    }
    await Promise.all(
      Array.from(indices, (index, i) => {
        if (!(Number.isInteger(index) && index >= 0 && index < this.count)) {
          throw new RangeError(`image ${index} is not among 0..${this.count - 1}`);
        }
        return readRecord(this.#records, index, out.subarray(i * bytes, (i + 1) * bytes));
      }),
    );
  }

  async close(): Promise<void> {
    await this.#records.close();
  }
}
