import { expect, test } from 'vitest';
import { toI420 } from './yuv.ts';

/** From the definition in ITU-R BT.709-6: luma coefficients 0.2126 and 0.0722, then the levels of section 4.6. */
function define(r: number, g: number, b: number): number[] {
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const levels = [16 + (219 * y) / 255, 128 + (224 * (b - y)) / 1.8556 / 255, 128 + (224 * (r - y)) / 1.5748 / 255];
  return levels.map(Math.round);
}

test.each([
  [0, 0, 0],
  [255, 255, 255],
  [255, 0, 0],
  [12, 200, 77],
  [90, 60, 250],
])('the plain colour %i %i %i has the levels of the standard', (r, g, b) => {
  const planes = toI420(Uint8ClampedArray.from({ length: 4 * 16 }, (_, i) => [r, g, b, 255][i % 4]!));
  const [y, u, v] = [planes.slice(0, 16), planes.slice(16, 20), planes.slice(20, 24)].map((plane) => new Set(plane));
  expect([...y!, ...u!, ...v!]).toEqual(define(r, g, b));
});
