/** @module Sheets of pictures: 8 x 8 of the same z in the course of training, as PNG. */
import type { Folder } from '../storage/folder.ts';

export interface Sheet {
  imagesSeen: number;
  png: Blob;
}

const COLUMNS = 8;

/** As in a run folder on Node. */
export const sheetName = (imagesSeen: number): string => `fakes-${String(imagesSeen).padStart(6, '0')}.png`;

const PATTERN = /^fakes-(\d+)\.png$/;

/** The sheets of a run, oldest first. */
export async function sheetsOf(folder: Folder): Promise<Sheet[]> {
  const sheets: Sheet[] = [];
  for (const name of await folder.names()) {
    const digits = PATTERN.exec(name)?.[1];
    if (digits !== undefined) sheets.push({ imagesSeen: Number(digits), png: (await folder.file(name))! });
  }
  return sheets.sort((a, b) => a.imagesSeen - b.imagesSeen);
}

/** RGBA bytes of pictures [N, size, size, 3] in [-1, 1]: [N, size, size, 4]. */
export function pictureBytes(pictures: Float32Array): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray((pictures.length / 3) * 4);
  for (let from = 0, to = 0; from < pictures.length; from += 3, to += 4) {
    // Half is rounded up, as in the exported model.
    for (let c = 0; c < 3; c++) pixels[to + c] = Math.floor((pictures[from + c]! + 1) * 127.5 + 0.5);
    pixels[to + 3] = 255;
  }
  return pixels;
}

/** A PNG of pictures [64, size, size, 3] in [-1, 1], row by row. */
export async function sheetPng(pictures: Float32Array, size: number): Promise<Blob> {
  return pngOf(pictureBytes(pictures), size, COLUMNS);
}

/** A PNG of RGBA pictures [N, size, size, 4], row by row. */
export async function pngOf(pixels: Uint8ClampedArray<ArrayBuffer>, size: number, columns: number): Promise<Blob> {
  const area = 4 * size * size;
  const N = pixels.length / area;
  const canvas = new OffscreenCanvas(columns * size, Math.ceil(N / columns) * size);
  const context = canvas.getContext('2d')!;
  for (let i = 0; i < N; i++) {
    const picture = new ImageData(pixels.slice(i * area, (i + 1) * area), size, size);
    context.putImageData(picture, (i % columns) * size, Math.floor(i / columns) * size);
  }
  return canvas.convertToBlob({ type: 'image/png' });
}
