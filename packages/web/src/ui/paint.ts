/** @module Draws pixels on a canvas, enlarged. */
import type { Pixels } from '../engine/dog-maker.ts';

let scratch: OffscreenCanvas | undefined;

/**
 * Fills a canvas with a picture, using the browser's best filter: 64 pixels look soft, not blocky.
 * @param pixels RGBA, square
 */
export function paint(canvas: HTMLCanvasElement | OffscreenCanvas, pixels: Pixels): void {
  const size = Math.sqrt(pixels.length / 4);
  if (scratch?.width !== size) scratch = new OffscreenCanvas(size, size);
  scratch.getContext('2d')!.putImageData(new ImageData(pixels, size, size), 0, 0);
  const context = canvas.getContext('2d', { alpha: false }) as CanvasRenderingContext2D;
  context.imageSmoothingQuality = 'high';
  context.drawImage(scratch, 0, 0, canvas.width, canvas.height);
}

/** Width in device pixels for a canvas this wide in CSS pixels. At most two per CSS pixel: nobody sees more. */
export function devicePixels(cssPixels: number): number {
  return Math.round(cssPixels * Math.min(2, devicePixelRatio));
}
