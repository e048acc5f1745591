import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

test('the pace is that of the last ten seconds, and it is told at most four times a second', () => {
  const pace = new Pace(8, 100);
  expect(pace.step(0)).toEqual({ imagesSeen: 108, imagesPerSecond: 0 });
  expect(pace.step(100)).toBeNull();
  // Three steps in 400 ms after the first one.
  expect(pace.step(300)?.imagesPerSecond).toBeCloseTo((1000 * 2 * 8) / 300);
  let last = null;
  for (let now = 1_000; now <= 30_000; now += 500) last = pace.step(now) ?? last;
  expect(last).toEqual({ imagesSeen: 100 + 8 * 62, imagesPerSecond: 16 });
});
