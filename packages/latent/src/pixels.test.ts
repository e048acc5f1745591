import { expect, test } from 'vitest';
import { chwToRgba } from './pixels.ts';

const grey = (x: number) => chwToRgba(Float32Array.of(x, x, x), 1, 1)[0];

test('planes become interleaved, opaque pixels', () => {
  // 2 high, 3 wide; byte k of plane c is 10 k + c.
  const bytes = [0, 1, 2].flatMap((c) => [0, 1, 2, 3, 4, 5].map((k) => 10 * k + c));
  const image = Float32Array.from(bytes, (byte) => byte / 127.5 - 1);
  const pixel = (k: number) => [10 * k, 10 * k + 1, 10 * k + 2, 255];
  expect([...chwToRgba(image, 2, 3)]).toEqual([0, 1, 2, 3, 4, 5].flatMap(pixel));
});

test('every byte survives conversion to [-1, 1] and back', () => {
  for (let byte = 0; byte <= 255; byte++) expect(grey(byte / 127.5 - 1)).toBe(byte);
});

test.each([
  // Here (x + 1) * 127.5 is exactly a half: rounded up, while a clamped array would round to even.
  [0, 128],
  [-1 + 1 / 2 ** 8, 0],
  [-0.4, 77],
  [-1, 0],
  [1, 255],
  [-1.5, 0],
  [1.5, 255],
  [Number.POSITIVE_INFINITY, 255],
  [Number.NEGATIVE_INFINITY, 0],
  [Number.NaN, 0],
])('%d becomes %d', (x, byte) => {
  expect(grey(x)).toBe(byte);
});

test('halves are rounded up, whether even or odd', () => {
  // x = k / 255 * 2 - 1 + 1 / 255 has (x + 1) * 127.5 = k + 1/2; these x are exact in float32 arithmetic.
  const exactHalves = Array.from({ length: 255 }, (_, k) => ({ k, x: Math.fround((2 * k + 1) / 255 - 1) })).filter(
    ({ k, x }) => Math.fround(Math.fround(x + 1) * Math.fround(127.5)) === k + 0.5,
  );
  expect(new Set(exactHalves.map(({ k }) => k % 2))).toEqual(new Set([0, 1]));
  for (const { k, x } of exactHalves) expect(grey(x)).toBe(k + 1);
});

test('index selects a picture of a batch', () => {
  const images = Float32Array.from({ length: 2 * 3 * 4 }, (_, i) => i / 12 - 1);
  expect(chwToRgba(images, 2, 2, 0)).toEqual(chwToRgba(images.slice(0, 12), 2, 2));
  expect(chwToRgba(images, 2, 2, 1)).toEqual(chwToRgba(images.slice(12), 2, 2));
});

test.each([-1, 2, 0.5])('picture %d of two is rejected', (index) => {
  expect(() => chwToRgba(new Float32Array(24), 2, 2, index)).toThrow('not in a tensor of 24 numbers');
});
