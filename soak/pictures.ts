/** @module Photos of every format, small and valid. */
import sharp from 'sharp';
import type { Random } from './random.ts';

const FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const;

export async function picturesOf(random: Random, count: number): Promise<{ name: string; bytes: Buffer }[]> {
  const pictures: { name: string; bytes: Buffer }[] = [];
  for (let i = 0; i < count; i++) {
    const [width, height] = [24 + random(80), 24 + random(80)];
    const pixels = Buffer.from(Array.from({ length: 3 * width * height }, () => random(256)));
    const format = FORMATS[i % FORMATS.length]!;
    const picture = sharp(pixels, { raw: { width, height, channels: 3 } });
    const bytes = await picture.toFormat(format, { progressive: random(2) === 0 }).toBuffer();
    pictures.push({ name: `${i}.${format}`, bytes });
  }
  return pictures;
}
