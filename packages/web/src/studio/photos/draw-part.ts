/** @module Draws a part of a photo at another size. */

/** Replaces transparency: mid grey, as `pnpm train` does, so that cut-out dogs get no glaring frame. */
const BACKGROUND = '#808080';

interface Part {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** @returns RGBA of `width` x `height` pixels, without transparency. */
export function drawPart(source: CanvasImageSource, part: Part, width: number, height: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = BACKGROUND;
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, part.x, part.y, part.width, part.height, 0, 0, width, height);
  return canvas;
}

export function pixelsOf(canvas: OffscreenCanvas): Uint8ClampedArray {
  return canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
}
