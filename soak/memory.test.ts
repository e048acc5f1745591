import { expect, test } from 'vitest';
import { slopeOfSecondHalf } from './memory.ts';

test('growth at first is not counted, a leak afterwards is', () => {
  const samples = (leak: number) =>
    Array.from({ length: 40 }, (_, i) => ({
      minutes: i / 4,
      // Fills a cache for 5 minutes, then swings by 8 MB.
      megabytes: 200 + 30 * Math.min(i / 4, 5) + leak * (i / 4) + (i % 2 === 0 ? 4 : -4),
    }));
  expect(Math.abs(slopeOfSecondHalf(samples(0)))).toBeLessThan(0.5);
  expect(slopeOfSecondHalf(samples(6))).toBeCloseTo(6 + slopeOfSecondHalf(samples(0)), 9);
});
