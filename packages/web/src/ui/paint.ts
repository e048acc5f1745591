/** @module Draws pixels on a canvas, at the canvas's size. */
import type { Pixels } from '../engine/dog-maker.ts';
import { resample } from './resample.ts';

/** Pictures to write to, by side: one of 512 pixels has a megabyte. */
const scratch = new Map<number, ImageData>();
const MOST_SCRATCH = 8;

function scratchOf(side: number): ImageData {
  const found = scratch.get(side) ?? new ImageData(side, side);
  if (scratch.size === MOST_SCRATCH) scratch.clear();
  scratch.set(side, found);
  return found;
}

/**
 * Fills a square canvas with a picture.
 * @param pixels RGBA, square
 */
export function paint(canvas: HTMLCanvasElement, pixels: Pixels): void {
  if (canvas.width === 0) return;
  const image = scratchOf(canvas.width);
  resample(pixels, canvas.width, image.data as Pixels);
  canvas.getContext('2d', { alpha: false })!.putImageData(image, 0, 0);
}

/** More detail than a dog has; what is left to the browser is a step that all do alike, and a walk stays fluent. */
const MOST_PIXELS = 512;

/** Width in device pixels for a canvas this wide in CSS pixels. At most two per CSS pixel: nobody sees more. */
export function devicePixels(cssPixels: number): number {
  return Math.min(MOST_PIXELS, Math.round(cssPixels * Math.min(2, devicePixelRatio)));
}
