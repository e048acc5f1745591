import { presetConfig } from '@latent-dogs/dcgan';
import { expect, test } from 'vitest';
import { imagesFor, photoAdvice } from './photo-advice.ts';

const advice = (count: number, distinct = count, diversity = 0.5) =>
  photoAdvice({ count, distinct, diversity }).join(' ');

test.each([
  [1, /^1 photo: expect copies of them/],
  [30, /^30 photos: expect copies/],
  [31, /^31 photos: D will soon know them by heart/],
  [300, /near copies/],
  [301, /^$/],
  [5_000, /^$/],
])('%i photos: %s', (count, text) => {
  expect(advice(count)).toMatch(text);
});

test('copies and photos that are alike are mentioned', () => {
  expect(advice(64, 1)).toMatch(/^All 64 photos are the same picture: .* 64 photos: expect copies/);
  expect(advice(5_246, 4_696)).toBe('550 of 5,246 photos are copies of others.');
  expect(advice(2, 1)).toMatch(/^All 2 photos/);
  expect(advice(1_000, 999)).toBe('1 of 1,000 photos is a copy of others.');
  expect(advice(1_000, 1_000, 0.01)).toBe('The 1,000 photos hardly differ from each other: so will the results.');
});

const dogs = presetConfig('dogs', 'photos');

test.each([
  [1, 60_000],
  [100, 60_000],
  [1_000, 100_000],
  [2_623, 280_000],
  [5_246, 560_000],
  [12_500, 1_340_000],
  [100_000, 2_000_000],
])('%i photos: %i images by default', (photos, images) => {
  expect(imagesFor(dogs, photos)).toBe(images);
});

test("the recipe's own photos are the preset's default; other presets, drawn dogs and --from have their own", () => {
  expect(dogs.images).toBe(560_000);
  for (const config of [presetConfig('paper', 'photos'), presetConfig('dogs', null), { ...dogs, from: 'models/x' }])
    expect(imagesFor(config, 100)).toBeNull();
});
