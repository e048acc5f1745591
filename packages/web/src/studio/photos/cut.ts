/** @module Cuts a photo's square and scales it to the sizes of models. */
import { areaAverage } from './area-average.ts';
import { joinCuts } from './cut-file.ts';
import { drawPart, pixelsOf } from './draw-part.ts';
import type { Square } from './square.ts';

/** Larger squares are halved first, which the browser does faster. */
const LARGEST_AVERAGED = 1024;

/** The contents of a cut file, see cut-file.ts. */
export function cut(photo: ImageBitmap, { x, y, side }: Square): Uint8Array<ArrayBuffer> {
  let drawn = side;
  let canvas = drawSquare(photo, x, y, side, Math.min(side, halved(side)));
  drawn = canvas.width;
  while (drawn > LARGEST_AVERAGED) {
    canvas = drawSquare(canvas, 0, 0, drawn, halved(drawn));
    drawn = canvas.width;
  }
  const data = pixelsOf(canvas);
  return joinCuts({ 64: areaAverage(data, drawn, 64), 128: areaAverage(data, drawn, 128) });
}

const halved = (side: number) => (side > LARGEST_AVERAGED ? Math.ceil(side / 2) : side);

const drawSquare = (source: CanvasImageSource, x: number, y: number, side: number, to: number) =>
  drawPart(source, { x, y, width: side, height: side }, to, to);
