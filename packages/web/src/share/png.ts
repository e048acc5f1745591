/** @module A dog as a PNG file. */
import type { Pixels } from '../engine/dog-maker.ts';
import { paint } from '../ui/paint.ts';

/** Pixels. The picture is enlarged with the same filter as on the page. */
const SIDE = 512;

export function pngOf(pixels: Pixels): Promise<Blob> {
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  paint(canvas, pixels);
  return canvas.convertToBlob({ type: 'image/png' });
}
