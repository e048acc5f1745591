/** @module Pictures with a dog's face at a known place. The faces are not photos: `models/dogs-64` generated them. */
import { join } from 'node:path';
import sharp from 'sharp';
import type { Square } from '../square.ts';
import type { Picture } from '../squash.ts';

/** 12 faces of 64x64, side by side. */
const FACES_FILE = join(import.meta.dirname, 'generated-dogs.webp');
export const FACES = 12;

export interface DogPicture {
  readonly picture: Picture;
  readonly face: Square;
}

/** A picture of width x height pixels in one colour, with face `index` enlarged or shrunk to `face`. */
export async function dogPicture(index: number, width: number, height: number, face: Square): Promise<DogPicture> {
  const dog = await sharp(FACES_FILE)
    .extract({ left: 64 * index, top: 0, width: 64, height: 64 })
    .resize(face.side, face.side)
    .png()
    .toBuffer();
  const pixels = await sharp({ create: { width, height, channels: 4, background: '#8a9a78' } })
    .composite([{ input: dog, left: face.x, top: face.y }])
    .raw()
    .toBuffer();
  return { picture: { width, height, pixels, channels: 4 }, face };
}
