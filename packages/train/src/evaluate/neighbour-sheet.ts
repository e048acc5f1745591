/** @module The sheet of the memorisation check: generated pictures beside their nearest photos, closest pairs first. */

import { type Memorisation, type Pictures, range, readPictures } from '@latent-dogs/metrics';
import type { Dataset } from '../data/dataset.ts';
import { writeSheet } from '../run/sheet.ts';

const PAIRS = 32;
const PAIRS_IN_A_ROW = 4;

/** Writes a PNG sheet of the 32 closest pairs. */
export async function writeNeighbourSheet(
  file: string,
  dataset: Dataset,
  generated: Pictures,
  { nearest }: Memorisation,
): Promise<void> {
  const closest = nearest
    .map(({ photo, distance }, picture) => ({ photo, distance, picture }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, PAIRS);
  const { size } = dataset;
  const photos = await readPictures(
    dataset,
    closest.map(({ photo }) => photo),
  );
  const images = new Uint8Array(2 * photos.pixels.length);
  for (const [i, { picture }] of closest.entries()) {
    images.set(range(generated, picture, picture + 1).pixels, 2 * i * 3 * size ** 2);
    images.set(range(photos, i, i + 1).pixels, (2 * i + 1) * 3 * size ** 2);
  }
  await writeSheet({ file, images, size, columns: 2 * PAIRS_IN_A_ROW });
}
