import { describe, expect, test } from 'vitest';
import { squareOf } from './square.ts';

describe('the square of a face', () => {
  test.each([
    ['a square picture', { x: 0.5, y: 0.25, side: 0.2 }, 500, 500, { x: 200, y: 75, side: 100 }],
    // A box of 0.25 x 0.25 of 400x100 is 100x25: the square of the same area has side 50.
    ['a wide picture', { x: 0.5, y: 0.5, side: 0.25 }, 400, 100, { x: 175, y: 25, side: 50 }],
    ['a tall picture', { x: 0.5, y: 0.5, side: 0.25 }, 100, 400, { x: 25, y: 175, side: 50 }],
    ['over the left and top edges', { x: 0.05, y: 0, side: 0.3 }, 1000, 1000, { x: 0, y: 0, side: 300 }],
    ['over the right and bottom edges', { x: 0.99, y: 1.1, side: 0.3 }, 1000, 1000, { x: 700, y: 700, side: 300 }],
    ['larger than the picture is high', { x: 0.6, y: 0.9, side: 0.9 }, 300, 100, { x: 130, y: 0, side: 100 }],
    ['smaller than a pixel', { x: 0.999, y: 0.5, side: 0.001 }, 20, 20, { x: 19, y: 10, side: 1 }],
  ])('%s', (_, face, width, height, square) => {
    expect(squareOf(face, width, height)).toEqual(square);
  });

  test('is whole pixels inside the picture, for any face and picture', () => {
    for (let i = 0; i < 2000; i++) {
      const random = (k: number) => (Math.imul(i * 7 + k, 2654435761) >>> 0) / 2 ** 32;
      const [width, height] = [1 + Math.floor(500 * random(1)), 1 + Math.floor(500 * random(2))];
      const face = { x: 1.4 * random(3) - 0.2, y: 1.4 * random(4) - 0.2, side: 2 * random(5) };
      const { x, y, side } = squareOf(face, width, height);
      expect([x, y, side].every(Number.isInteger)).toBe(true);
      expect(side).toBeGreaterThanOrEqual(1);
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + side).toBeLessThanOrEqual(width);
      expect(y + side).toBeLessThanOrEqual(height);
    }
  });
});
