/** @module A walk as an animated GIF, with gifenc. */
import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import type { Pixels } from '../engine/dog-maker.ts';
import { paint } from '../ui/paint.ts';
import { loopPictures, loopPositions } from './recorded-walk.ts';

/** Pixels: about the size at which chat programs show GIFs. */
const SIDE = 256;
/** GIFs count in hundredths of a second: 5 per picture. */
const PICTURES_A_SECOND = 20;

export async function recordGif(
  dogs: number,
  dogAt: (position: number) => Promise<Pixels>,
  cancelled: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Blob> {
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const positions = loopPositions(dogs, PICTURES_A_SECOND);
  const encoder = GIFEncoder();
  let done = 0;
  for await (const pixels of loopPictures(positions, dogAt, cancelled)) {
    paint(canvas, pixels);
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, SIDE, SIDE);
    // The palette of the small picture: enlarging only adds colours in between.
    const palette = quantize(pixels, 256);
    encoder.writeFrame(applyPalette(data, palette), SIDE, SIDE, { palette, delay: 1000 / PICTURES_A_SECOND });
    onProgress(++done / positions.length);
    // Lets the page respond between two pictures.
    await new Promise((resolve) => setTimeout(resolve));
  }
  encoder.finish();
  return new Blob([encoder.bytes() as Uint8Array<ArrayBuffer>], { type: 'image/gif' });
}
