import { expect, test } from 'vitest';
import { normalFromWord } from './normal-quantile.ts';
import { normalDistribution } from './testing/normal-distribution.ts';

const wordOf = (probability: number) => Math.round(probability * 2 ** 32 - 0.5);

test.each([
  // Computed with 40 digits, then rounded.
  [0.75, 0.6744897501960817],
  [0.9, 1.2815515655446004],
  [0.975, 1.959963984540054],
  [0.995, 2.5758293035489004],
  [0.9995, 3.2905267314919255],
  [0.999999, 4.753424308822899],
])('the quantile of %d is %d', (probability, expected) => {
  const word = wordOf(probability);
  const density = Math.exp((-expected * expected) / 2) / Math.sqrt(2 * Math.PI);
  // The word's probability differs from the table's by up to 2^-33.
  const shift = ((word + 0.5) / 2 ** 32 - probability) / density;
  expect(Math.abs(normalFromWord(word) - expected - shift)).toBeLessThan(1e-8);
});

test('is the inverse of the distribution function everywhere', () => {
  for (let i = 0; i <= 5000; i++) {
    const word = Math.min(Math.round((i / 5000) ** 4 * 2 ** 31), 2 ** 31 - 1);
    const probability = (word + 0.5) / 2 ** 32;
    expect(Math.abs(normalDistribution(normalFromWord(word)) / probability - 1), `word ${word}`).toBeLessThan(1e-12);
  }
});

test('is antisymmetric about one half, and increases across the seam of its two branches', () => {
  for (const word of [0, 1, 5, 12345, 322122546, 322122547, 2 ** 31 - 1]) {
    expect(normalFromWord(2 ** 32 - 1 - word)).toBe(-normalFromWord(word));
  }
  const seam = wordOf(0.075);
  for (let word = seam - 50; word < seam + 50; word++) {
    expect(normalFromWord(word + 1)).toBeGreaterThan(normalFromWord(word));
  }
});

test('the extreme words are finite: 6.34 deviations', () => {
  // The distribution function is 2^-33 there.
  expect(normalFromWord(0)).toBeCloseTo(-6.3382, 3);
  expect(normalFromWord(0xffff_ffff)).toBeCloseTo(6.3382, 3);
});
