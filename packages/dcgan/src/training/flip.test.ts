import { expect, test } from 'vitest';
import { flipHorizontally } from './flip.ts';

test('mirrors the masked images row by row and leaves the others', () => {
  const [count, size] = [3, 5];
  const images = Uint8Array.from({ length: count * 3 * size * size }, (_, i) => (i * 7) % 256);
  const before = images.slice();
  flipHorizontally(images, count, size, Uint8Array.of(1, 0, 1));
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const row = (n * size + y) * size;
        const from = row + (n === 1 ? x : size - 1 - x);
        for (let channel = 0; channel < 3; channel++)
          expect(images[3 * (row + x) + channel]).toBe(before[3 * from + channel]);
      }
    }
  }
});

test('refuses lengths that do not match', () => {
  expect(() => flipHorizontally(new Uint8Array(12), 2, 2, new Uint8Array(2))).toThrow(RangeError);
  expect(() => flipHorizontally(new Uint8Array(24), 2, 2, new Uint8Array(1))).toThrow(RangeError);
});
