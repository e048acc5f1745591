/** @module One image file -> one square of uint8 RGB. */

import { availableParallelism } from 'node:os';
import sharp, { type Metadata, type SharpOptions } from 'sharp';
import { SkippedPhoto } from './skipped-photo.ts';

// sharp works on libuv's threads, four unless told otherwise before the first of them starts: one for each core.
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));

// Parallel over photos, not within one, and nothing kept between photos: memory stays flat and no core waits.
sharp.concurrency(1);
sharp.cache(false);

export interface DecodeOptions {
  /** H = W of the result in pixels. */
  size: number;
  /** First crop and shrink to this square, then to `size`: two softenings, as when a 128x128 copy is trained at 64x64. */
  photoSize: number | null;
  /** Which square of the photo: its middle, or where sharp finds most colour, skin tone and detail. */
  crop: 'center' | 'attention';
}

/** Below this many pixels of the short side a photo is skipped: enlarged it would teach blur. */
export const MIN_SIDE = 16;

/** More than any camera's; a small file may claim to be larger and fill the memory. */
const MAX_PIXELS = 2 ** 28;

/** Seen where a photo is transparent: the middle of the range, so that cut-out dogs have no glaring frame. */
const BACKGROUND = '#808080';

// Truncated data and errors are fatal, a decoder's warnings (such as stray bytes between JPEG segments) are not.
const INPUT: SharpOptions = { failOn: 'error', limitInputPixels: MAX_PIXELS };

/**
 * Decodes one image file (first frame of an animation, first page of a TIFF) upright by its EXIF orientation, to 8 bit sRGB,
 * cropped to a square and resampled with Lanczos3 (antialiased: every source pixel counts when shrinking).
 *
 * @returns uint8, planar [3, size, size]
 * @throws SkippedPhoto
 */
export async function decodePhoto(bytes: Uint8Array, options: DecodeOptions): Promise<Uint8Array> {
  try {
    return await decode(bytes, options);
  } catch (error) {
    if (error instanceof SkippedPhoto) throw error;
    // Further lines may tell of photos decoded at the same time: libvips has one log of errors.
    throw new SkippedPhoto('broken', (error as Error).message.split('\n')[0]!.trim());
  }
}

async function decode(bytes: Uint8Array, { size, photoSize, crop }: DecodeOptions): Promise<Uint8Array> {
  const { width, height }: Metadata = await sharp(bytes, { ...INPUT, limitInputPixels: false }).metadata();
  if (width * height > MAX_PIXELS) throw new SkippedPhoto('too large', `${width}x${height} pixels`);
  if (Math.min(width, height) < MIN_SIDE) throw new SkippedPhoto('too small', `${width}x${height} pixels`);

  const firstSize = photoSize ?? size;
  const first = await sharp(bytes, INPUT)
    .autoOrient()
    .flatten({ background: BACKGROUND })
    .resize(firstSize, firstSize, {
      fit: 'cover',
      position: crop === 'center' ? 'centre' : sharp.strategy.attention,
      kernel: 'lanczos3',
      fastShrinkOnLoad: false,
    })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer();
  if (firstSize === size) return interleavedToPlanar(first, size);

  const second = await sharp(first, { raw: { width: firstSize, height: firstSize, channels: 3 } })
    .resize(size, size, { kernel: 'lanczos3' })
    .raw()
    .toBuffer();
  return interleavedToPlanar(second, size);
}

/** uint8 [size, size, 3] -> [3, size, size]. */
export function interleavedToPlanar(image: Uint8Array, size: number): Uint8Array {
  const area = size * size;
  if (image.length !== 3 * area) throw new RangeError(`${image.length} bytes are not ${size}x${size} RGB`);
  const planar = new Uint8Array(3 * area);
  for (let i = 0; i < area; i++) {
    planar[i] = image[3 * i]!;
    planar[area + i] = image[3 * i + 1]!;
    planar[2 * area + i] = image[3 * i + 2]!;
  }
  return planar;
}
