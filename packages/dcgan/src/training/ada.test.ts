import { expect, test } from 'vitest';
import { Ada } from './ada.ts';

/** p can change by 4 · 8 / 128 = 0.25 every four steps. */
const config = { ada: 0.5, adaImages: 128, batch: 8 };

/** r_t of four steps, and p after them, computed by hand. */
const TABLE: [[number, number, number, number], number][] = [
  [[1, 1, 1, -0.5], 0.25], // mean 0.625: more than the target
  [[0.5, 1, 0, 0.5], 0.25], // mean 0.5: the target
  [[1, 1, 1, 1], 0.5],
  [[0.5, 0.5, 0.5, 0.25], 0.25], // mean 0.4375: less
  [[-1, -1, -1, -1], 0],
  [[-1, 0, 0, 0], 0], // not below 0
  [[0.75, 0.75, 0.75, 0.75], 0.25],
  [[0.75, 0.75, 0.75, 0.75], 0.5],
  [[0.75, 0.75, 0.75, 0.75], 0.75],
  [[0.75, 0.75, 0.75, 0.75], 1],
  [[1, 1, 1, 1], 1], // not above 1
  [[0, 0, 0, 0], 0.75],
];

test('p starts at 0, and follows the mean of four steps, stopped after any of them or not', () => {
  const whole = new Ada(config);
  let resumed = new Ada(config);
  let before = 0;
  for (const [signs, after] of TABLE) {
    for (const sign of signs) {
      expect([whole.p, resumed.p]).toEqual([before, before]);
      whole.observe(sign);
      resumed.observe(sign);
      resumed = new Ada(config, JSON.parse(JSON.stringify(resumed.state)));
    }
    expect([whole.p, resumed.p]).toEqual([after, after]);
    before = after;
  }
});

test('p reaches 1 in adaImages images', () => {
  const ada = new Ada({ ada: 0.6, adaImages: 6_400, batch: 32 });
  for (let images = 0; images < 6_400; images += 32) {
    expect(ada.p).toBeLessThan(1);
    ada.observe(0.7);
  }
  expect(ada.p).toBeCloseTo(1, 12);
});

test('a target of 0 is off: no p, and no change of the state that a resume may need', () => {
  const state = { p: 0.25, steps: 3, sum: 2 };
  const off = new Ada({ ...config, ada: 0 }, state);
  off.observe(1);
  expect(off.p).toBeNull();
  expect(off.state).toEqual(state);
});
