/** @module Sheets of images: `reals.png`, `fakes-000000.png`. */

import { writeFileAtomically } from '@latent-dogs/files';
import { quantised } from '@latent-dogs/metrics';
import sharp from 'sharp';

/**
 * Writes a PNG grid, row by row; the rest of the last row is black. Atomic: a kill leaves the old file or the new one.
 *
 * @param options.images [N, size, size, 3], RGB: bytes, or float32 in [-1, 1] (clipped)
 * @param options.columns images per row
 * @throws RangeError if `images` is not a whole number of images
 */
export async function writeSheet(options: {
  file: string;
  images: Uint8Array | Float32Array;
  size: number;
  columns: number;
}): Promise<void> {
  const { file, images, size } = options;
  const N = images.length / (3 * size * size);
  if (!(Number.isInteger(N) && N > 0))
    throw new RangeError(`${images.length} values are not images of ${size}x${size}`);
  const pixels = images instanceof Float32Array ? quantised(images) : images;
  const columns = Math.min(options.columns, N);
  const [width, height] = [columns * size, Math.ceil(N / columns) * size];
  const sheet = Buffer.alloc(3 * width * height);
  for (let line = 0; line < N * size; line++) {
    const [image, y] = [Math.floor(line / size), line % size];
    const target = (Math.floor(image / columns) * size + y) * width + (image % columns) * size;
    sheet.set(pixels.subarray(3 * line * size, 3 * (line + 1) * size), 3 * target);
  }
  const png = await sharp(sheet, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  await writeFileAtomically(file, png);
}
