import { describe, expect, test } from 'vitest';
import { PICTURE } from './sizes.ts';
import { squash } from './squash.ts';

const noise = (length: number) => Uint8Array.from({ length }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 8) & 255);

/**
 * The mean over an exact grid: every source pixel is repeated 128 times each way, so that a target pixel is a block of
 * `width` x `height` of these.
 */
function mean(pixels: Uint8Array, width: number, height: number, channels: number, x: number, y: number, c: number) {
  let sum = 0;
  for (let j = y * height; j < (y + 1) * height; j++) {
    for (let i = x * width; i < (x + 1) * width; i++)
      sum += pixels[(Math.floor(j / PICTURE) * width + Math.floor(i / PICTURE)) * channels + c]!;
  }
  return sum / (width * height);
}

describe('squash', () => {
  test.each([
    [256, 256, 3],
    [200, 150, 3],
    [129, 300, 4],
    [40, 97, 3],
    [1, 2, 4],
  ] as const)('%i x %i, %i channels: each pixel is the mean of its area', (width, height, channels) => {
    const pixels = noise(width * height * channels);
    const out = squash({ width, height, pixels, channels });
    expect(out).toHaveLength(PICTURE * PICTURE * 3);
    for (const [x, y] of [
      [0, 0],
      [127, 127],
      [0, 127],
      [5, 77],
      [64, 31],
      [90, 1],
    ] as const) {
      for (let c = 0; c < 3; c++) {
        const expected = mean(pixels, width, height, channels, x, y, c);
        expect(Math.abs(out[(y * PICTURE + x) * 3 + c]! - expected)).toBeLessThanOrEqual(0.5 + 1e-6);
      }
    }
  });

  test('a picture of 128x128 stays as it is', () => {
    const pixels = noise(PICTURE * PICTURE * 3);
    expect(squash({ width: PICTURE, height: PICTURE, pixels, channels: 3 })).toEqual(pixels);
  });

  test('a part is squashed like a picture of its own', () => {
    const [width, height] = [230, 160];
    const pixels = noise(width * height * 4);
    const part = { x: 31, y: 12, width: 150, height: 97 };
    const own = new Uint8Array(part.width * part.height * 4);
    for (let y = 0; y < part.height; y++) {
      const start = ((part.y + y) * width + part.x) * 4;
      own.set(pixels.subarray(start, start + part.width * 4), y * part.width * 4);
    }
    expect(squash({ width, height, pixels, channels: 4 }, part)).toEqual(
      squash({ width: part.width, height: part.height, pixels: own, channels: 4 }),
    );
  });

  test('bytes that are not the picture are refused', () => {
    expect(() => squash({ width: 4, height: 4, pixels: new Uint8Array(63), channels: 4 })).toThrow(
      '63 bytes are not a picture of 4x4x4',
    );
    expect(() => squash({ width: 0, height: 4, pixels: new Uint8Array(0), channels: 4 })).toThrow(RangeError);
  });
});
