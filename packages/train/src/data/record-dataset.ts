/** @module A `Dataset` in a record file. No images are held in memory; the system's page cache makes repeated reads fast. */

import type { FileHandle } from 'node:fs/promises';
import type { Dataset, SkippedFile } from './dataset.ts';
import { openRecordFile, type RecordHeader, readRecord, readSkipped, recordBytes } from './record-file.ts';

/** Skipped files held in memory. The `.skipped.jsonl` beside the record file names all of them. */
const NAMED_SKIPS = 1000;

/** Null if `file` must be written first. */
export async function openRecordDataset(name: string, file: string): Promise<RecordDataset | null> {
  const opened = await openRecordFile(file);
  return opened && new RecordDataset(name, opened.header, await readSkipped(file, NAMED_SKIPS), opened.records);
}

export class RecordDataset implements Dataset {
  readonly name: string;
  readonly count: number;
  readonly size: number;
  readonly fingerprint: string;
  readonly skipped: readonly SkippedFile[];
  readonly skippedCounts: Readonly<Record<string, number>>;
  readonly #records: FileHandle;

  constructor(name: string, header: RecordHeader, skipped: readonly SkippedFile[], records: FileHandle) {
    this.name = name;
    this.count = header.count;
    this.size = header.size;
    this.fingerprint = header.fingerprint;
    this.skipped = skipped;
    this.skippedCounts = header.skippedCounts;
    this.#records = records;
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
