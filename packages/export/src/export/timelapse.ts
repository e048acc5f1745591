/** @module Small copies of a run's sheets for a model's page: the same latents over the course of training. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sheetsOf } from '@latent-dogs/train';
import sharp from 'sharp';

const MOST = 12;
/** Pictures along a side of the corner that is kept; a sheet has 8. */
const TILES = 4;

export interface TimelapseFrame {
  /** Path relative to the model folder. */
  readonly file: string;
  readonly imagesSeen: number;
}

/**
 * Copies up to 12 sheets, evenly chosen from those up to `imagesSeen` including the first and the last, as WebP: the 4 x 4
 * pictures in the upper left corner of each.
 */
export async function writeTimelapse(
  runFolder: string,
  modelFolder: string,
  { size, imagesSeen }: { size: number; imagesSeen: number },
): Promise<TimelapseFrame[]> {
  const sheets = (await sheetsOf(runFolder)).filter((sheet) => sheet.imagesSeen <= imagesSeen);
  const frames: TimelapseFrame[] = [];
  for (const sheet of evenly(sheets, MOST)) {
    const file = `timelapse/${String(sheet.imagesSeen).padStart(9, '0')}.webp`;
    const side = TILES * size;
    const picture = sharp(join(runFolder, sheet.name))
      .extract({ left: 0, top: 0, width: side, height: side })
      .webp({ quality: 85 });
    await writeFile(join(modelFolder, file), await picture.toBuffer());
    frames.push({ file, imagesSeen: sheet.imagesSeen });
  }
  return frames;
}

/** At most `count` of `items`, evenly spread, both ends included. */
export function evenly<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))]!);
}
