import { expect, test } from 'vitest';
import { areaAverage } from './area-average.ts';

/** RGBA of a function of x and y. */
const picture = (side: number, value: (x: number, y: number) => number) => {
  const pixels = new Uint8Array(side * side * 4);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) pixels.set([value(x, y), 255 - value(x, y), 7, 0], 4 * (y * side + x));
  return pixels;
};

test('a whole ratio gives the means of blocks', () => {
  const values = (x: number, y: number) => 10 * x + y;
  const out = areaAverage(picture(6, values), 6, 3);
  for (let y = 0; y < 3; y++) {
    for (let x = 0; x < 3; x++) {
      const mean = 10 * (2 * x + 0.5) + 2 * y + 0.5;
      expect([...out.subarray(3 * (3 * y + x), 3 * (3 * y + x) + 3)]).toEqual([
        Math.round(mean),
        Math.round(255 - mean),
        7,
      ]);
    }
  }
});

test('a pixel that is cut in two counts on both sides by its parts', () => {
  // Three columns to two: the middle one is shared.
  const out = areaAverage(
    picture(3, (x) => [0, 90, 240][x]!),
    3,
    2,
  );
  expect(out[0]).toBe(30);
  expect(out[3]).toBe(190);
});

test('the mean of all pixels stays, whatever the ratio', () => {
  const noise = (x: number, y: number) => (x * 7919 + y * 104_729) % 256;
  const source = picture(101, noise);
  const out = areaAverage(source, 101, 64);
  const mean = (bytes: Uint8Array, step: number) => {
    let sum = 0;
    for (let i = 0; i < bytes.length; i += step) sum += bytes[i]!;
    return sum / (bytes.length / step);
  };
  expect(mean(out, 3)).toBeCloseTo(mean(source, 4), 0);
});

test('the same size changes nothing, and a smaller source is enlarged', () => {
  const source = picture(64, (x, y) => (x * y) % 256);
  const out = areaAverage(source, 64, 64);
  for (let i = 0; i < 64 * 64; i++) expect(out[3 * i]).toBe(source[4 * i]);
  expect(
    new Set(
      areaAverage(
        picture(64, () => 40),
        64,
        128,
      ),
    ).size,
  ).toBe(3);
});
