/** @module The square of a photo around the dog's face. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { FaceFinder, type Square, squareOf } from '@latent-dogs/face-finder';
import * as runtime from 'onnxruntime-node';
import type { Sharp } from 'sharp';
import { SkippedPhoto } from './skipped-photo.ts';

/** The network, in the folder of its package. */
export const FINDER_FILE = join(dirname(findPackageJSON('@latent-dogs/face-finder', import.meta.url)!), 'finder.onnx');

/** Category of photos without a face that the finder is sure of. */
export const NO_FACE = 'no face found';

/** Photos are shrunk to this before the finder looks at them: its network sees 128x128, and large photos would fill the memory. */
const LOOK = 512;

let model: Buffer | undefined;
let finder: Promise<FaceFinder> | undefined;

const readModel = (): Buffer => {
  model ??= readFileSync(FINDER_FILE);
  return model;
};

/** Hex digest of the network: with another one, other squares may be found. */
export const finderDigest = (): string => createHash('sha256').update(readModel()).digest('hex');

/**
 * The square of the likeliest face, in pixels of the upright photo.
 *
 * @param photo upright, without transparency.
 * @param width of the upright photo in pixels.
 * @param least the smallest side of a square, in pixels, that is good enough.
 * @throws SkippedPhoto if no face is found, or one that is too small
 */
export async function faceSquare(photo: Sharp, width: number, height: number, least: number): Promise<Square> {
  finder ??= FaceFinder.create(runtime, readModel());
  const { data, info } = await photo
    .resize(LOOK, LOOK, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const face = await (await finder).find({ width: info.width, height: info.height, pixels: data, channels: 3 });
  if (!face) throw new SkippedPhoto(NO_FACE);
  const square = squareOf(face, width, height);
  if (square.side < least) throw new SkippedPhoto('face too small', `${square.side}x${square.side} pixels`);
  return square;
}
