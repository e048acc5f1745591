import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { Dataset } from './dataset.ts';

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'photos-'));
}

/** Top left, top right, bottom left, bottom right. */
export const QUADRANTS = [
  [210, 50, 40],
  [40, 180, 70],
  [50, 60, 200],
  [220, 200, 60],
] as const;

/** An image of `side` x `side` pixels with four one-coloured quadrants, as sharp input. */
export function quadrants(side = 80, colours: readonly (readonly number[])[] = QUADRANTS): Sharp {
  const channels = colours[0]!.length as 3 | 4;
  const pixels = Buffer.alloc(side * side * channels);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      pixels.set(colours[(y < side / 2 ? 0 : 2) + (x < side / 2 ? 0 : 1)]!, (y * side + x) * channels);
    }
  }
  return sharp(pixels, { raw: { width: side, height: side, channels } });
}

/** The colours in the middle of an image's quadrants. */
export async function quadrantsOf(dataset: Dataset, index: number): Promise<number[][]> {
  const { size } = dataset;
  const image = await readAll(dataset, [index]);
  const [near, far] = [Math.floor(size / 4), Math.floor((3 * size) / 4)];
  const corners = [near, far].flatMap((y) => [near, far].map((x) => y * size + x));
  return corners.map((i) => [0, 1, 2].map((channel) => image[3 * i + channel]!));
}

/** All images, or those at `indices`. */
export async function readAll(dataset: Dataset, indices = Array.from({ length: dataset.count }, (_, i) => i)) {
  const images = new Uint8Array(indices.length * 3 * dataset.size * dataset.size);
  await dataset.read(indices, images);
  return images;
}
