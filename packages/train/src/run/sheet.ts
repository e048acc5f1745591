/** @module Sheets of images: `reals.png`, `fakes-000000.png`. */

import { writeFileAtomically } from '@latent-dogs/files';
import sharp from 'sharp';

/**
 * Writes a PNG grid of planar images [N, 3, size, size], row by row, `columns` wide, its last row filled up with black. uint8 is
 * taken as it is, float32 as [-1, 1] (clipped). A kill leaves no half picture.
 */
export async function writeSheet(options: {
  file: string;
  images: Uint8Array | Float32Array;
  size: number;
  columns: number;
}): Promise<void> {
  const { file, images, size } = options;
  const area = size * size;
  const N = images.length / (3 * area);
  if (!(Number.isInteger(N) && N > 0))
    throw new RangeError(`${images.length} values are not images of ${size}x${size}`);
  const columns = Math.min(options.columns, N);
  const rows = Math.ceil(N / columns);
  const width = columns * size;
  const pixels =
    images instanceof Float32Array ? Uint8ClampedArray.from(images, (value) => (value + 1) * 127.5) : images;

  const sheet = Buffer.alloc(3 * rows * size * width);
  for (let n = 0; n < N; n++) {
    const corner = Math.floor(n / columns) * size * width + (n % columns) * size;
    for (let i = 0; i < area; i++) {
      const target = 3 * (corner + Math.floor(i / size) * width + (i % size));
      for (let channel = 0; channel < 3; channel++) sheet[target + channel] = pixels[(3 * n + channel) * area + i]!;
    }
  }
  const png = await sharp(sheet, { raw: { width, height: rows * size, channels: 3 } })
    .png()
    .toBuffer();
  await writeFileAtomically(file, png);
}
