/** @module Dogs drawn by the program itself: endless, seeded, free of licences, so that training needs nothing but this repository. */

import sharp from 'sharp';
import { explainCacheError, prepareCacheFolder, recordFileFor } from '../cache-folder.ts';
import type { DecodeProgress } from '../dataset.ts';
import { interleavedToPlanar } from '../decode-photo.ts';
import { decodeRecords } from '../decode-records.ts';
import { openRecordDataset, type RecordDataset } from '../record-dataset.ts';
import { drawDog } from './svg.ts';
import { dogTraits } from './traits.ts';

/** Part of cache keys and fingerprints. Raise it whenever the same dog is drawn differently. */
const ARTIST = 'drawn-dogs-1';

/** `count` dogs (4,096 unless told), rendered once into the cache. Dog `index` of a `seed` is the same whatever the count. */
export async function openDrawnDogs(options: {
  size: number;
  seed: number;
  count?: number;
  cacheDir?: string;
  onProgress?: (progress: DecodeProgress) => void;
}): Promise<RecordDataset> {
  const { size, seed, count = 4096, onProgress } = options;
  if (!(Number.isInteger(count) && count > 0)) throw new RangeError(`cannot draw ${count} dogs`);
  const cacheDir = await prepareCacheFolder(options.cacheDir);
  const file = recordFileFor(cacheDir, [ARTIST, seed, count, size]);
  try {
    const ready = await openRecordDataset('drawn-dogs', file);
    if (ready) return ready;
    await decodeRecords({
      file,
      size,
      options: [ARTIST, size],
      items: numbered(count),
      total: count,
      read: async ({ index }) => Buffer.from(drawDog(dogTraits(seed, index), size)),
      decode: (svg) => render(svg, size),
      onProgress,
    });
    return (await openRecordDataset('drawn-dogs', file))!;
  } catch (error) {
    return explainCacheError(error, cacheDir);
  }
}

function* numbered(count: number): Generator<{ path: string; index: number }> {
  for (let index = 0; index < count; index++) yield { path: String(index), index };
}

async function render(svg: Uint8Array, size: number): Promise<Uint8Array> {
  return interleavedToPlanar(await sharp(svg).toColourspace('srgb').removeAlpha().raw().toBuffer(), size);
}
