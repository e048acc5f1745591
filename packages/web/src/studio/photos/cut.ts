/** @module Cuts a photo's square and scales it to the sizes of models. */
import { areaAverage } from './area-average.ts';
import { joinCuts } from './cut-file.ts';
import type { Square } from './square.ts';

/** Larger squares are halved first, which the browser does faster. */
const LARGEST_AVERAGED = 1024;
/** Replaces transparency: mid grey, as `pnpm train` does, so that cut-out dogs get no glaring frame. */
const BACKGROUND = '#808080';

/** The contents of a cut file, see cut-file.ts. */
export function cut(photo: ImageBitmap, { x, y, side }: Square): Uint8Array<ArrayBuffer> {
  let drawn = side;
  let canvas = drawSquare(photo, x, y, side, Math.min(side, halved(side)));
  drawn = canvas.width;
  while (drawn > LARGEST_AVERAGED) {
    canvas = drawSquare(canvas, 0, 0, drawn, halved(drawn));
    drawn = canvas.width;
  }
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, drawn, drawn);
  return joinCuts({ 64: areaAverage(data, drawn, 64), 128: areaAverage(data, drawn, 128) });
}

const halved = (side: number) => (side > LARGEST_AVERAGED ? Math.ceil(side / 2) : side);

function drawSquare(source: CanvasImageSource, x: number, y: number, side: number, to: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(to, to);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = BACKGROUND;
  context.fillRect(0, 0, to, to);
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, x, y, side, side, 0, 0, to, to);
  return canvas;
}
