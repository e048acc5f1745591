/** @module Decodes one image file into a square of uint8 RGB. */

import { availableParallelism } from 'node:os';
import type { Config } from '@latent-dogs/dcgan';
import sharp, { type Metadata, type SharpOptions } from 'sharp';
import { bmpSize, decodeBmp } from './bmp.ts';
import { Budget } from './budget.ts';
import { faceSquare } from './face-crop.ts';
import { decodeHeic, heicProfile } from './heic.ts';
import { formatOf, isTiff, rawPhoto } from './photo-format.ts';
import { withProfile } from './png-profile.ts';
import { SkippedPhoto } from './skipped-photo.ts';
import { checkTiff } from './tiff-directory.ts';

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

/**
 * Pixels of all photos that are being decoded. Progressive JPEGs, and most other formats, are held in memory as a whole: 6 bytes a
 * pixel and more. A single photo may have as many.
 */
const inFlight = new Budget(MAX_PIXELS);

/** Replaces transparency: mid grey, so that cut-out dogs get no glaring frame. */
const BACKGROUND = '#808080';

// Truncated data and errors are fatal; a decoder's warnings (such as stray bytes between JPEG segments) are not.
const INPUT: SharpOptions = { failOn: 'error', limitInputPixels: MAX_PIXELS };

/**
 * Decodes one image file (first frame of an animation, first page of a TIFF, primary image of a HEIC) to 8 bit sRGB, turned upright by its EXIF
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
    const reason = (error as Error).message.split('\n')[0]!.trim();
    // libvips has no more to say of a file whose last bytes are missing.
    throw new SkippedPhoto('broken', /^unknown error$/i.test(reason) ? 'the file is cut short' : reason);
  }
}

async function decode(bytes: Uint8Array, options: DecodeOptions): Promise<Uint8Array> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  switch (formatOf(bytes)) {
    case 'raw':
      throw rawPhoto('unknown make');
    case 'bmp':
      return ofSize(bmpSize(file), async () => cropped(await bmpAsPng(file), options));
    case 'heic':
      return inFlight.hold(HEIC_PIXELS, async () => cropped(await heicAsPng(file), options));
    default:
      return ofSize(await checkedMetadata(file), () => cropped(file, options));
  }
}

/** A HEIC file's size is known only to its decoder. Phones have up to 48 million pixels. */
const HEIC_PIXELS = 2 ** 26;

async function checkedMetadata(file: Buffer): Promise<Metadata> {
  if (isTiff(file.toString('latin1', 0, 4))) checkTiff(file);
  const metadata = await sharp(file, { ...INPUT, limitInputPixels: false }).metadata();
  // Other numbers, such as floats from 0 to 1, would be cut off as if they went from 0 to 255.
  if (metadata.depth !== 'uchar' && metadata.depth !== 'ushort')
    throw new SkippedPhoto('not a supported image', `pixels of type ${metadata.depth}; export it with 8 or 16 bits`);
  return metadata;
}

/** Decodes when memory allows. */
async function ofSize<T>({ width, height }: { width: number; height: number }, work: () => Promise<T>): Promise<T> {
  if (width * height > MAX_PIXELS) throw new SkippedPhoto('too large', `${width}x${height} pixels`);
  if (Math.min(width, height) < MIN_SIDE) throw new SkippedPhoto('too small', `${width}x${height} pixels`);
  return inFlight.hold(width * height, work);
}

async function bmpAsPng(file: Buffer): Promise<Buffer> {
  const { pixels, width, height } = decodeBmp(file);
  return uncompressedPng(pixels, { width, height, channels: 3 });
}

async function heicAsPng(file: Buffer): Promise<Buffer> {
  const { pixels, width, height } = await decodeHeic(file, MAX_PIXELS);
  if (Math.min(width, height) < MIN_SIDE) throw new SkippedPhoto('too small', `${width}x${height} pixels`);
  const png = await uncompressedPng(pixels, { width, height, channels: 4 });
  const profile = heicProfile(file);
  return profile ? withProfile(png, profile) : png;
}

const uncompressedPng = (pixels: Uint8Array, raw: { width: number; height: number; channels: 3 | 4 }) =>
  sharp(pixels, { raw, limitInputPixels: MAX_PIXELS }).png({ compressionLevel: 0 }).toBuffer();

async function cropped(file: Buffer, { size, photoSize, crop }: DecodeOptions): Promise<Uint8Array> {
  const firstSize = photoSize ?? size;
  const upright = () => sharp(file, INPUT).autoOrient().flatten({ background: BACKGROUND });
  const square = upright();
  if (crop === 'face') {
    const { autoOrient } = await sharp(file, INPUT).metadata();
    const { x, y, side } = await faceSquare(upright(), autoOrient.width, autoOrient.height, MIN_SIDE);
    square.extract({ left: x, top: y, width: side, height: side });
  }
  const first = await square
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
