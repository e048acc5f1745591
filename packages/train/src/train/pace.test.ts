import { expect, onTestFinished, test, vi } from 'vitest';
import { Pace } from './pace.ts';

test('steps of changing speed, and pauses, give a steady pace; a lasting change is followed', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const pace = new Pace(1_000);
  expect(pace.perSecond).toBe(0);
  let seen = 1_000;
  const run = (seconds: number) => {
    seen += 100;
    vi.advanceTimersByTime(1_000 * seconds);
    pace.add(seen);
    return pace.perSecond;
  };
  run(2);
  expect(pace.perSecond).toBe(50);
  // 1 s and 3 s in turns: 50 images a second.
  const seenPaces = Array.from({ length: 100 }, (_, i) => run(i % 2 === 0 ? 1 : 3));
  for (const value of seenPaces.slice(10)) expect(Math.abs(value / 50 - 1)).toBeLessThan(0.06);
  // Half as fast: after five half-lives nothing is left of the earlier speed.
  for (let i = 0; i < 75; i++) run(4);
  expect(Math.abs(pace.perSecond / 25 - 1)).toBeLessThan(0.05);
  // A roll-back counts no images.
  vi.advanceTimersByTime(1_000);
  pace.add(seen - 5_000);
  expect(pace.perSecond).toBeGreaterThan(20);
});
