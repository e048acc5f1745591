/** @module The sheets of a run, small, for a model's page: the same latents in the course of training. */
import { join } from 'node:path';
import { sheetsOf } from '@latent-dogs/train';
import sharp from 'sharp';

const MOST = 12;
/** Tiles a side of the corner that is kept; a sheet has 8. */
const TILES = 4;

export interface TimelapseFrame {
  /** Where it was written, relative to the model folder. */
  readonly file: string;
  readonly imagesSeen: number;
}

/**
 * Copies up to 12 sheets, evenly chosen from those up to `imagesSeen`, first and last among them, as the 4 x 4 pictures
 * of their upper left corner, WebP.
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
    await sharp(join(runFolder, sheet.name))
      .extract({ left: 0, top: 0, width: side, height: side })
      .webp({ quality: 85 })
      .toFile(join(modelFolder, file));
    frames.push({ file, imagesSeen: sheet.imagesSeen });
  }
  return frames;
}

/** At most `count` of `items`, evenly spread, both ends among them. */
export function evenly<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))]!);
}
