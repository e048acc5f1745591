import { expect, test } from 'vitest';
import { tile } from './tile.ts';

const plain = (value: number) => ({ data: new Uint8ClampedArray(4 * 2 * 3).fill(value), width: 2, height: 3 });

test('pictures are laid out row by row, and the rest of the last row is transparent', () => {
  const { data, width, height } = tile([plain(10), plain(20), plain(30)], 2);
  expect([width, height]).toEqual([4, 6]);
  const red = Array.from({ length: 6 }, (_, y) => Array.from({ length: 4 }, (_, x) => data[4 * (y * 4 + x)]));
  expect(red).toEqual([...Array(3).fill([10, 10, 20, 20]), ...Array(3).fill([30, 30, 0, 0])]);
  expect(data[4 * 15 + 3]).toBe(0);
});
