import { expect, test } from 'vitest';
import { arcTangent, naturalLog, sine } from './portable-math.ts';

/** 4,001 evenly spaced numbers from low to high, inclusive. */
const spread = (low: number, high: number) => Array.from({ length: 4001 }, (_, i) => low + ((high - low) * i) / 4000);

test.each([
  ['sine', sine, Math.sin, spread(-Math.PI / 2, Math.PI)],
  ['arc tangent', arcTangent, Math.atan, spread(0, 1)],
  ['logarithm', naturalLog, Math.log, spread(-33, 33).map((exponent) => 2 ** exponent)],
])('%s agrees with the engine within 1e-15', (_name, portable, native, xs) => {
  for (const x of xs) {
    const expected = native(x);
    expect(Math.abs(portable(x) - expected), `at ${x}`).toBeLessThan(1e-15 * Math.max(1, Math.abs(expected)));
  }
});

test('exact where the result is representable', () => {
  expect([naturalLog(1), naturalLog(2), sine(0), arcTangent(0)]).toEqual([0, Math.LN2, 0, 0]);
});
