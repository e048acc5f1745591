/** @module Photos with the boxes of their faces. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Face, squash } from '@latent-dogs/face-finder';
import { UserError } from '@latent-dogs/latent';
import sharp from 'sharp';

export interface LabelledPhoto {
  /** N of `dog.N.jpg`. */
  readonly number: number;
  /** The whole photo, squashed: uint8 [128, 128, 3]. */
  readonly pixels: Uint8Array;
  readonly faces: readonly Face[];
  /** Width by height in true pixels, such that the boxes are squares. */
  readonly aspect: number;
}

/** What a photo is for: the weights, the threshold of the score, or the figures of the card. */
export type Purpose = 'training' | 'threshold' | 'test';

/** By the photo's number, so that two faces of a photo go together: a tenth is held back for the test, a twentieth for the threshold. */
export const purposeOf = (number: number): Purpose =>
  number % 10 === 7 ? 'test' : number % 20 === 3 ? 'threshold' : 'training';

/** Columns of the index that are read. Boxes (x, y, w, h) are in pixels of a source of `source_resolution`. */
const COLUMNS = ['source', 'x', 'y', 'w', 'h', 'source_resolution'] as const;

interface Row {
  number: number;
  face: Face;
  aspect: number;
}

/** The rows of `text` (CSV) whose source ends in `dog.N.jpg`. @throws UserError naming a missing column or a broken row */
export function parseIndex(text: string, file: string): Row[] {
  const [head, ...lines] = text.trim().split(/\r?\n/);
  const names = head!.split(',');
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) throw new UserError(`--index: ${file} has no column ${missing.join(', ')}`);
  return lines.flatMap((line, i) => {
    const cells = line.split(',');
    const cell = (name: (typeof COLUMNS)[number]) => cells[names.indexOf(name)] ?? '';
    const number = /dog\.(\d+)\.jpg$/.exec(cell('source'))?.[1];
    if (number === undefined) return [];
    const [width, height] = cell('source_resolution').split('x').map(Number) as [number, number];
    const [x, y, w, h] = [Number(cell('x')), Number(cell('y')), Number(cell('w')), Number(cell('h'))];
    if (!(w > 0 && h > 0 && width > 0 && height > 0 && Number.isFinite(x + y)))
      throw new UserError(`--index: line ${i + 2} of ${file} is not a box in a photo: ${line}`);
    const face = {
      x: (x + w / 2) / width,
      y: (y + h / 2) / height,
      side: Math.sqrt((w / width) * (h / height)),
    };
    return [{ number: Number(number), face, aspect: (width * h) / (height * w) }];
  });
}

/** Reads the photos `dog.N.jpg` in `folder` that the index names and that are for one of `purposes`, in the order of the index. */
export async function readLabelledPhotos(
  index: string,
  folder: string,
  purposes: readonly Purpose[],
): Promise<LabelledPhoto[]> {
  const text = await readFile(index, 'utf8').catch(() => {
    throw new UserError(`--index: ${index} cannot be read; give the index.csv of boxes`);
  });
  const photos = new Map<number, { number: number; faces: Face[]; aspect: number }>();
  for (const { number, face, aspect } of parseIndex(text, index)) {
    if (!purposes.includes(purposeOf(number))) continue;
    const photo = photos.get(number);
    if (photo) photo.faces.push(face);
    else photos.set(number, { number, faces: [face], aspect });
  }
  if (photos.size === 0) throw new UserError(`--index: ${index} names no photo dog.N.jpg`);
  const reading = [...photos.values()].map(async (photo) => ({
    ...photo,
    pixels: await readSquashed(join(folder, `dog.${photo.number}.jpg`)),
  }));
  // First to the end, so that of several unreadable photos the first of the index is named.
  await Promise.allSettled(reading);
  return Promise.all(reading);
}

async function readSquashed(file: string): Promise<Uint8Array> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((error: Error) => {
      throw new UserError(`--photos: ${file} cannot be read: ${error.message}`);
    });
  return squash({ width: info.width, height: info.height, pixels: data, channels: 3 });
}
