/** @module Draws the first dogs of the page, which it shows before its engine is there, and the picture of links to it. */
import { parseSeed } from '@latent-dogs/latent';
import { ExportedModel } from '@latent-dogs/models';
import sharp, { type Sharp } from 'sharp';
import { FIRST_SEED, seedAt } from '../src/grid/grid-order.ts';
import { walkOf } from '../src/opening/page-opening.ts';

const COLUMNS = 8;
/** Dogs in the sheet: the walk's and the first rows of the grid, as many as a large window shows. */
const DOGS = 48;
/** Largest width of a dog in the sheet, pixels. */
const MOST_SIDE = 64;
/** Largest sheet, bytes: half a second on a slow phone's connection. */
const MOST_BYTES = 95_000;
const QUALITIES = [90, 82, 74, 66, 58, 50, 40];

/** Pixels of a link's picture, as the sites that show it prefer. */
export const LINK_PICTURE = { width: 1200, height: 630 };
const LINK_COLUMNS = 6;
const LINK_ROWS = 3;

/** The walk's dogs, then the first of the grid. */
export function sheetLabels(opening: readonly number[]): string[] {
  const grid = Array.from({ length: DOGS }, (_, i) => String(seedAt(FIRST_SEED, i, opening)));
  return [...new Set([...walkOf(opening), ...grid])].slice(0, DOGS);
}

/** RGBA pictures of dogs beside each other, [rows * size, columns * size, 4]. */
async function drawGrid(model: ExportedModel, labels: readonly string[], columns: number): Promise<Sharp> {
  const { size } = model.manifest;
  const rows = Math.ceil(labels.length / columns);
  const all = Buffer.alloc(rows * columns * size * size * 4);
  for (const [i, label] of labels.entries()) {
    const dog = await model.picture(parseSeed(label));
    const left = (i % columns) * size;
    for (let y = 0; y < size; y++) {
      const row = Math.floor(i / columns) * size + y;
      all.set(dog.subarray(y * size * 4, (y + 1) * size * 4), (row * columns * size + left) * 4);
    }
  }
  return sharp(all, { raw: { width: columns * size, height: rows * size, channels: 4 } }).removeAlpha();
}

export interface Drawn {
  webp: Buffer;
  columns: number;
  side: number;
  labels: string[];
  /** For previews of links: a JPEG, which every site can show. */
  linkPicture: Buffer;
}

/** @param folder the model's */
export async function drawOpening(folder: string): Promise<Drawn> {
  const model = await ExportedModel.open(folder, { threads: 1 });
  try {
    const { size, opening = [] } = model.manifest;
    const labels = sheetLabels(opening);
    const side = Math.min(size, MOST_SIDE);
    const grid = await drawGrid(model, labels, COLUMNS);
    const pixels = await grid
      .resize(COLUMNS * side)
      .png()
      .toBuffer();
    let webp: Buffer | undefined;
    for (const quality of QUALITIES) {
      webp = await sharp(pixels).webp({ quality, effort: 6, smartSubsample: true }).toBuffer();
      if (webp.length <= MOST_BYTES) break;
    }
    const few = await drawGrid(model, labels.slice(0, LINK_COLUMNS * LINK_ROWS), LINK_COLUMNS);
    const linkPicture = await sharp(await few.png().toBuffer())
      .resize(LINK_PICTURE.width, LINK_PICTURE.height, { fit: 'cover', kernel: 'lanczos3' })
      .jpeg({ quality: 82, mozjpeg: true })
      .toBuffer();
    return { webp: webp!, columns: COLUMNS, side, labels, linkPicture };
  } finally {
    await model.dispose();
  }
}
