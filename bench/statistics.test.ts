import { expect, test } from 'vitest';
import { median, pairedRatio, percentile, spread } from './statistics.ts';

test('median of odd and even counts, without sorting the caller’s values', () => {
  const values = [9, 1, 4];
  expect(median(values)).toBe(4);
  expect(values).toEqual([9, 1, 4]);
  expect(median([10, 1, 2, 4])).toBe(3);
});

test('percentiles are interpolated between neighbours', () => {
  const values = Array.from({ length: 101 }, (_, i) => 100 - i);
  expect(percentile(values, 99)).toBe(99);
  expect(percentile([0, 10], 25)).toBe(2.5);
  expect(percentile([7], 99)).toBe(7);
});

test('a ratio is taken within each round: the median of ratios is not the ratio of medians', () => {
  const reference = [1, 10, 2];
  const own = [3, 10, 8];
  // Ratios 3, 1, 4. Medians alone: 8 / 2 = 4.
  expect(pairedRatio(own, reference)).toEqual({ median: 3, least: 1, most: 4 });
});

test('a machine that slows down in the middle does not change a paired ratio', () => {
  const reference = [1, 1, 5, 5, 5];
  expect(
    pairedRatio(
      reference.map((seconds) => seconds * 1.5),
      reference,
    ),
  ).toEqual(spread([1.5]));
});

test('refuses what cannot be paired, and no values', () => {
  expect(() => pairedRatio([1], [1, 2])).toThrow(RangeError);
  expect(() => spread([])).toThrow(RangeError);
});
