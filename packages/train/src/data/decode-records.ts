/** @module Fills a record file: decodes items in parallel, writes them in order, and lists those that cannot be used. */

import { createHash, hash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Budget } from './budget.ts';
import type { DecodeProgress } from './dataset.ts';
import { mapInOrder } from './map-in-order.ts';
import { type RecordHeader, RecordWriter } from './record-file.ts';
import { SkippedPhoto } from './skipped-photo.ts';

/** Items held in memory at once. More than cores: while a large photo holds up the order, the others go on. libuv limits how many decode at a time. */
const IN_FLIGHT = Math.max(8, 4 * availableParallelism());

/** Bytes of files held in memory at once. A larger file is read alone. */
const BYTES_IN_FLIGHT = 2 ** 28;

/** What is decoded. `bytes`: the length of its file, 0 if there is none. */
interface DecodeItem {
  path: string;
  bytes: number;
}

export interface DecodeJob<Item extends DecodeItem> {
  file: string;
  size: number;
  /** All that the pixels depend on besides the contents of the items. Part of the fingerprint. */
  options: unknown;
  items: AsyncIterable<Item> | Iterable<Item>;
  total: number;
  /** The item's bytes, which are hashed for the fingerprint. Throws `SkippedPhoto`. */
  read: (item: Item) => Promise<Uint8Array>;
  /** uint8 [size, size, 3]. Throws `SkippedPhoto`. */
  decode: (bytes: Uint8Array) => Promise<Uint8Array>;
  onProgress: ((progress: DecodeProgress) => void) | undefined;
}

/** Writes `job.file` and returns its header. If no item can be used, writes no file and returns a header with `count` 0. */
export async function decodeRecords<Item extends DecodeItem>(job: DecodeJob<Item>): Promise<RecordHeader> {
  const contents = createHash('sha256').update(JSON.stringify(job.options));
  const skippedCounts: Record<string, number> = {};
  const distinct = new Set<number>();
  let count = 0;
  let skipped = 0;
  const writer = await RecordWriter.create(job.file);
  try {
    const memory = new Budget(BYTES_IN_FLIGHT);
    const decoded = (item: Item) => memory.hold(item.bytes, () => decodeItem(job, item));
    for await (const photo of mapInOrder(job.items, IN_FLIGHT, decoded)) {
      if (photo.skip) {
        const { category, message } = photo.skip;
        skippedCounts[category] = (skippedCounts[category] ?? 0) + 1;
        skipped++;
        await writer.appendSkipped({ file: photo.path, reason: message });
      } else {
        contents.update(photo.digest);
        // 48 bits: among a million images, two are confused with a probability of 0.2 %.
        distinct.add(hash('sha256', photo.pixels, 'buffer').readUIntBE(0, 6));
        count++;
        await writer.append(photo.pixels);
      }
      job.onProgress?.({ done: count + skipped, total: job.total, skipped });
    }
    const header = {
      count,
      size: job.size,
      fingerprint: contents.digest('hex'),
      distinct: distinct.size,
      skippedCounts,
    };
    if (count > 0) await writer.finish(header);
    return header;
  } finally {
    await writer.abandon();
  }
}

type DecodedItem = { skip: SkippedPhoto; path: string } | { skip?: never; digest: Buffer; pixels: Uint8Array };

async function decodeItem<Item extends DecodeItem>(job: DecodeJob<Item>, item: Item): Promise<DecodedItem> {
  try {
    const bytes = await job.read(item);
    return { digest: hash('sha256', bytes, 'buffer'), pixels: await job.decode(bytes) };
  } catch (error) {
    if (error instanceof SkippedPhoto) return { skip: error, path: item.path };
    throw error;
  }
}
