/** @module RGB to the planes that video encoders take, in the range and colour space that every player assumes. */
import type { Pixels } from '../engine/dog-maker.ts';

/** ITU-R BT.709, levels 16 to 235 (and 240 for the colour differences). */
export const COLOUR_SPACE = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false } as const;

/**
 * I420: the plane of luma, then two of half the width and height for the colour differences.
 * @param pixels RGBA [side, side, 4] of an even side
 */
export function toI420(pixels: Pixels): Uint8Array<ArrayBuffer> {
  const side = Math.sqrt(pixels.length / 4);
  const half = side / 2;
  const area = side * side;
  const planes = new Uint8Array(area * 1.5);
  for (let i = 0; i < area; i++) {
    planes[i] = 16.5 + 0.182586 * pixels[4 * i]! + 0.614231 * pixels[4 * i + 1]! + 0.062007 * pixels[4 * i + 2]!;
  }
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < half; x++) {
      const at = 4 * (2 * y * side + 2 * x);
      const mean = (c: number) =>
        (pixels[at + c]! + pixels[at + c + 4]! + pixels[at + c + 4 * side]! + pixels[at + c + 4 * side + 4]!) / 4;
      const [r, g, b] = [mean(0), mean(1), mean(2)];
      const i = area + y * half + x;
      planes[i] = 128.5 - 0.100644 * r - 0.338572 * g + 0.439216 * b;
      planes[i + half * half] = 128.5 + 0.439216 * r - 0.398942 * g - 0.040274 * b;
    }
  }
  return planes;
}
