import { expect, test } from 'vitest';
import { eachStepNumber } from '../step/step-numbers.ts';
import { TickMeans } from './tick-means.ts';

/** A step with all numbers `value`, and r_t `signReal`. */
const step = (value: number, signReal: number) => ({ ...eachStepNumber(() => value), signReal });

test('means are over the steps of a tick, also if it was resumed', () => {
  const whole = new TickMeans();
  whole.add(step(1, 0.5), 2);
  const resumed = new TickMeans(JSON.parse(JSON.stringify(whole.state)));
  for (const means of [whole, resumed]) {
    means.add(step(4, 1), 3);
    expect(means.take()).toEqual({ ...step(2.5, 0.75), steps: 2, seconds: 5 });
    means.add(step(7, -1), 1);
    expect(means.take()).toEqual({ ...step(7, -1), steps: 1, seconds: 1 });
  }
});

test('a number that an earlier version did not report has the mean of the steps that report it', () => {
  const earlier = new TickMeans();
  for (let i = 0; i < 3; i++) earlier.add(step(1, 0), 2);
  const { signReal: _, ...stored } = earlier.state;
  const resumed = new TickMeans(stored);
  resumed.add(step(5, 0.5), 2);
  resumed.add(step(6, 1), 2);
  expect(resumed.take()).toEqual({ ...step((3 + 5 + 6) / 5, 0.75), steps: 5, seconds: 10 });
  resumed.add(step(2, -1), 1);
  expect(resumed.take()).toEqual({ ...step(2, -1), steps: 1, seconds: 1 });
});
