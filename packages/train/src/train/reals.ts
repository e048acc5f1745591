/** @module What the photos look like: a sheet of them, and how much they differ. */
import { join } from 'node:path';
import { DataOrder } from '@latent-dogs/dcgan';
import { deriveSeed } from '@latent-dogs/latent';
import type { Dataset } from '../data/dataset.ts';
import { writeSheet } from '../run/sheet.ts';

const SHEET = 64;
const MEASURED = 256;

/**
 * Writes `reals.png`, 64 photos drawn at random, and returns the diversity of photos: standard deviation over a random
 * sample, mean over pixels and channels, in units of [-1, 1]. The guard holds the fakes' diversity against it.
 */
export async function showReals(dataset: Dataset, runFolder: string, seed: number): Promise<number> {
  const { size } = dataset;
  const order = new DataOrder({ count: dataset.count, seed: deriveSeed(seed, 'reals') });
  const values = 3 * size * size;
  const pixels = new Uint8Array(MEASURED * values);
  await dataset.read(order.next(MEASURED), pixels);
  await writeSheet({
    file: join(runFolder, 'reals.png'),
    images: pixels.subarray(0, SHEET * values),
    size,
    columns: 8,
  });
  let total = 0;
  for (let at = 0; at < values; at++) {
    let sum = 0;
    let squares = 0;
    for (let i = at; i < pixels.length; i += values) {
      const x = pixels[i]! / 127.5 - 1;
      sum += x;
      squares += x * x;
    }
    total += Math.sqrt(Math.max(0, squares / MEASURED - (sum / MEASURED) ** 2));
  }
  return total / values;
}
