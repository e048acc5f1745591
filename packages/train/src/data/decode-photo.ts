/** @module Decodes one image file into a square of uint8 RGB. */

import { availableParallelism } from 'node:os';
import type { Config } from '@latent-dogs/dcgan';
import sharp, { type Metadata, type SharpOptions } from 'sharp';
import { faceSquare } from './face-crop.ts';
import { SkippedPhoto } from './skipped-photo.ts';

// sharp works on libuv's thread pool, whose size is read when the first thread starts. Default: 4; here one per core.
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));

// Parallel over photos, not within one, and no cache between photos: memory stays flat and all cores are busy.
sharp.concurrency(1);
sharp.cache(false);

export interface DecodeOptions {
  /** H = W of the result in pixels. */
  size: number;
  /** Crop and shrink to a square of this size first, then to `size`: the softness of training at 64x64 on 128x128 copies. */
  photoSize: number | null;
  /**
   * Which square of the photo to keep: its middle; where sharp finds the most colour, skin tones and detail; or the dog's
   * face, without which a photo is skipped.
   */
  crop: Config['crop'];
}

/** Photos whose short side has fewer pixels are skipped: enlarged, they would teach blur. */
export const MIN_SIDE = 16;

/** More pixels than any camera has. A small file may claim to be larger, and decoding it would fill the memory. */
const MAX_PIXELS = 2 ** 28;

/** Replaces transparency: mid grey, so that cut-out dogs get no glaring frame. */
const BACKGROUND = '#808080';

// Truncated data and errors are fatal; a decoder's warnings (such as stray bytes between JPEG segments) are not.
const INPUT: SharpOptions = { failOn: 'error', limitInputPixels: MAX_PIXELS };

/**
 * Decodes one image file (first frame of an animation, first page of a TIFF) to 8 bit sRGB, turned upright by its EXIF
 * orientation, cropped to a square and resampled with Lanczos3 (antialiased: every source pixel counts when shrinking).
 *
 * @returns uint8 [size, size, 3]
 * @throws SkippedPhoto
 */
export async function decodePhoto(bytes: Uint8Array, options: DecodeOptions): Promise<Uint8Array> {
  try {
    return await decode(bytes, options);
  } catch (error) {
    if (error instanceof SkippedPhoto) throw error;
    // Further lines may be about photos decoded at the same time: libvips has one error log for all threads.
    throw new SkippedPhoto('broken', (error as Error).message.split('\n')[0]!.trim());
  }
}

async function decode(bytes: Uint8Array, { size, photoSize, crop }: DecodeOptions): Promise<Uint8Array> {
  const { width, height, autoOrient }: Metadata = await sharp(bytes, {
    ...INPUT,
    limitInputPixels: false,
  }).metadata();
  if (width * height > MAX_PIXELS) throw new SkippedPhoto('too large', `${width}x${height} pixels`);
  if (Math.min(width, height) < MIN_SIDE) throw new SkippedPhoto('too small', `${width}x${height} pixels`);

  const upright = () => sharp(bytes, INPUT).autoOrient().flatten({ background: BACKGROUND });
  const cropped = upright();
  if (crop === 'face') {
    const { x, y, side } = await faceSquare(upright(), autoOrient.width, autoOrient.height, MIN_SIDE);
    cropped.extract({ left: x, top: y, width: side, height: side });
  }
  const firstSize = photoSize ?? size;
  const first = await cropped
    .resize(firstSize, firstSize, {
      fit: 'cover',
      position: crop === 'attention' ? sharp.strategy.attention : 'centre',
      kernel: 'lanczos3',
      fastShrinkOnLoad: false,
    })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer();
  if (firstSize === size) return first;

  return sharp(first, { raw: { width: firstSize, height: firstSize, channels: 3 } })
    .resize(size, size, { kernel: 'lanczos3' })
    .raw()
    .toBuffer();
}
