import { expect, test } from 'vitest';
import { FIRST_SEED, seedAt } from './grid-order.ts';

const first = (count: number, from: number, opening: readonly number[] = []) =>
  Array.from({ length: count }, (_, i) => seedAt(from, i, opening));

test('dogs come by number, and after the largest seed comes 0', () => {
  expect(first(3, FIRST_SEED)).toEqual([1, 2, 3]);
  expect(first(3, 2 ** 32 - 2)).toEqual([2 ** 32 - 2, 2 ** 32 - 1, 0]);
});

test('the opening comes first, and none of its dogs twice', () => {
  expect(first(9, FIRST_SEED, [5, 95, 2, 3])).toEqual([5, 95, 2, 3, 1, 4, 6, 7, 8]);
  const many = first(200, FIRST_SEED, [0, 7, 100, 101, 4_000_000_000]);
  expect(new Set(many).size).toBe(200);
  expect(many.slice(5).every((seed, i) => i === 0 || seed > many[i + 4]!)).toBe(true);
});

test('who jumped to a number sees that number', () => {
  expect(first(3, 40, [5, 41])).toEqual([40, 41, 42]);
});
