import { expect, test } from 'vitest';
import { decay } from './learning-rates.ts';

test('learning rates stay until the decay begins, and fall linearly to nothing', () => {
  const config = { images: 1_000, decayImages: 400 };
  expect([0, 599, 600, 700, 900, 999, 1_000, 1_010].map((seen) => decay(config, seen))).toEqual([
    1, 1, 1, 0.75, 0.25, 0.0025, 0, 0,
  ]);
});

test('without decay they stay to the end', () => {
  expect(decay({ images: 1_000, decayImages: 0 }, 1_000)).toBe(1);
});
