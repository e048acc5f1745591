/** @module A dataset of dogs drawn by the program itself: seeded and free of licences, so that training needs no photos. */

import sharp from 'sharp';
import { explainCacheError, limitCache, prepareCacheFolder, recordFileFor } from '../cache-folder.ts';
import type { DecodeProgress } from '../dataset.ts';
import { decodeRecords } from '../decode-records.ts';
import { openRecordDataset, type RecordDataset } from '../record-dataset.ts';
import { drawDog } from './svg.ts';
import { dogTraits } from './traits.ts';

/** Part of cache keys and fingerprints. Raise it with every change of how a dog is drawn. */
const DRAWING_VERSION = 'drawn-dogs-1';

/** How many dogs are drawn. */
export const DRAWN_DOGS = 4_096;

/** `count` dogs (4,096 by default), rendered once into the cache. Dog `index` of a `seed` is the same for every count. */
export async function openDrawnDogs(options: {
  size: number;
  seed: number;
  count?: number;
  cacheDir?: string;
  onProgress?: (progress: DecodeProgress) => void;
}): Promise<RecordDataset> {
  const { size, seed, count = DRAWN_DOGS, onProgress } = options;
  if (!(Number.isInteger(count) && count > 0)) throw new RangeError(`cannot draw ${count} dogs`);
  const cacheDir = await prepareCacheFolder(options.cacheDir);
  const file = recordFileFor(cacheDir, [DRAWING_VERSION, seed, count, size]);
  try {
    const ready = await openRecordDataset('drawn-dogs', file);
    if (ready) return ready;
    await decodeRecords({
      file,
      size,
      options: [DRAWING_VERSION, size],
      items: numbered(count),
      total: count,
      read: async ({ index }) => Buffer.from(drawDog(dogTraits(seed, index), size)),
      decode: render,
      onProgress,
    });
    await limitCache(cacheDir);
    return (await openRecordDataset('drawn-dogs', file))!;
  } catch (error) {
    return explainCacheError(error, cacheDir);
  }
}

function* numbered(count: number): Generator<{ path: string; bytes: number; index: number }> {
  for (let index = 0; index < count; index++) yield { path: String(index), bytes: 0, index };
}

/** uint8 [size, size, 3] */
function render(svg: Uint8Array): Promise<Uint8Array> {
  return sharp(svg).toColourspace('srgb').removeAlpha().raw().toBuffer();
}
