/** @module Decodes and compares pictures of answers. */

import sharp from 'sharp';

/** Pixels of an encoded picture, uint8 [height, width, 4], decoded by a library that the server does not use. */
export async function decode(response: Response) {
  const { data, info } = await sharp(Buffer.from(await response.arrayBuffer()))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}

/** RGBA of RGB. */
export const withAlpha = (rgb: ArrayLike<number>): Uint8Array =>
  Uint8Array.from({ length: (rgb.length / 3) * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : rgb[Math.floor(i / 4) * 3 + (i % 4)]!,
  );

/** Largest difference of a channel, 0 to 255; infinite for different sizes. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}
