/** @module Folders of JPEGs to decode, drawn by the program. */
import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NormalStream } from '@latent-dogs/latent';
import sharp from 'sharp';
import { drawDog } from '../packages/train/src/data/drawn-dogs/svg.ts';
import { dogTraits } from '../packages/train/src/data/drawn-dogs/traits.ts';

export interface PhotoFolder {
  folder: string;
  width: number;
  height: number;
  count: number;
  /** Different pictures; the other files are hard links to them, which are read and decoded like any file. */
  different: number;
}

/** Standard deviation, of 255, of the noise of a sensor. Without it, JPEGs are a tenth as large as photos. */
const NOISE = 8;

/** Creates the folder; returns the mean size of its files, in bytes. */
export async function writePhotos({ folder, width, height, count, different }: PhotoFolder): Promise<number> {
  await mkdir(folder, { recursive: true });
  let bytes = 0;
  for (let index = 0; index < different; index++) {
    const file = join(folder, `${index}.jpg`);
    const photo = await drawPhoto(index, width, height);
    bytes += photo.length;
    await writeFile(file, photo);
    for (let copy = index + different; copy < count; copy += different) await link(file, join(folder, `${copy}.jpg`));
  }
  return bytes / different;
}

async function drawPhoto(index: number, width: number, height: number): Promise<Buffer> {
  const dog = sharp(Buffer.from(drawDog(dogTraits(0, index), Math.max(width, height))));
  const pixels = await dog.resize(width, height, { fit: 'cover' }).removeAlpha().raw().toBuffer();
  // Drawing normal numbers for 12 million pixels takes long; a row of them in shifted order looks like noise to an encoder, too.
  const noise = new NormalStream(index).fill(new Float32Array(65_537));
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = Math.max(0, Math.min(255, Math.round(pixels[i]! + NOISE * noise[i % noise.length]!)));
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}
