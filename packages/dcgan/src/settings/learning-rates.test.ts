import { expect, test } from 'vitest';
import { decay } from './learning-rates.ts';

test('the factor is 1 until the decay begins, then falls linearly to 0', () => {
  const config = { images: 1_000, decayImages: 400 };
  expect([0, 599, 600, 700, 900, 999, 1_000, 1_010].map((seen) => decay(config, seen))).toEqual([
    1, 1, 1, 0.75, 0.25, 0.0025, 0, 0,
  ]);
});

test('without decay the factor is always 1', () => {
  expect(decay({ images: 1_000, decayImages: 0 }, 1_000)).toBe(1);
});
