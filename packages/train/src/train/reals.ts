/** @module `reals.png`: 64 photos chosen at random, decoded as for training. */
import { join } from 'node:path';
import { DataOrder } from '@latent-dogs/dcgan';
import { deriveSeed } from '@latent-dogs/latent';
import type { Dataset } from '../data/dataset.ts';
import { writeSheet } from '../run/sheet.ts';

const SHEET = 64;

/** Writes `reals.png` to a run folder, the same photos for the same `seed`. */
export async function writeReals(dataset: Dataset, runFolder: string, seed: number): Promise<void> {
  const { size } = dataset;
  const order = new DataOrder({ count: dataset.count, seed: deriveSeed(seed, 'reals') });
  const images = new Uint8Array(SHEET * 3 * size * size);
  await dataset.read(order.next(SHEET), images);
  await writeSheet({ file: join(runFolder, 'reals.png'), images, size, columns: 8 });
}
