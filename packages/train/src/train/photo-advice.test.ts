import { type Config, presetConfig } from '@latent-dogs/dcgan';
import type { ListedModel } from '@latent-dogs/models';
import { expect, test } from 'vitest';
import { imagesFor, photoAdvice } from './photo-advice.ts';

const dogs = presetConfig('dogs', 'my dogs');

function model(name: string, count: number, { size = 64, data = 'photos' as string | null, weights = true } = {}) {
  const training = { config: { data }, dataset: { count }, ...(weights ? { weights: {} } : {}) };
  return { name, folder: `models/${name}`, manifest: { size, training } } as unknown as ListedModel;
}

const models = [
  model('few', 3_000),
  model('many', 9_000),
  model('large', 20_000, { size: 128 }),
  model('drawn', 20_000, { data: null }),
  model('old', 20_000, { weights: false }),
];

interface Case {
  config?: Partial<Config>;
  distinct?: number;
  diversity?: number | null;
  from?: ListedModel[];
}
const advice = (count: number, { config = {}, distinct = count, diversity = 0.5, from = models }: Case = {}) =>
  photoAdvice({ ...dogs, ...config }, { count, distinct, diversity }, from).join(' ');

const START = "Start from a trained model instead:\n  pnpm train --data 'my dogs' --from models/many";

test.each([
  [1, `1 photo is too few: expect copies of it. ${START}`],
  [30, `30 photos are too few: expect copies of them. ${START}`],
  [31, `31 photos are few: D will soon know them by heart; expect near copies of them. ${START}`],
  [300, `300 photos are few: D will soon know them by heart; expect near copies of them. ${START}`],
  [301, `301 photos are few: a GAN from random weights needs thousands. ${START}`],
  [1_999, `1,999 photos are few: a GAN from random weights needs thousands. ${START}`],
  [2_000, ''],
])('%i photos: %s', (count, text) => {
  expect(advice(count)).toBe(text);
});

test('that photos are few is said once, of the different ones', () => {
  expect(advice(64, { distinct: 1 })).toBe(
    `All 64 photos are the same picture: there is nothing to learn but that. 1 photo is too few: expect copies of it. ${START}`,
  );
  expect(advice(5_246, { distinct: 4_696 })).toBe('550 of 5,246 photos are copies of others.');
  expect(advice(3_000, { distinct: 2_999 })).toBe('1 of 3,000 photos is a copy of others.');
  expect(advice(3_000, { diversity: 0.01 })).toBe(
    'The 3,000 photos hardly differ from each other: so will the results.',
  );
  expect(advice(3_000, { diversity: null })).toBe('');
});

test('the recommended model has the same size and weights; without one it says what is needed', () => {
  expect(advice(500, { config: { size: 128 } })).toContain('--from models/large');
  expect(advice(500, { from: models.slice(2) })).toBe(
    '500 photos are few: a GAN from random weights needs thousands. Start from a model or run that was trained on more, with --from (docs/transfer.md).',
  );
});

test('a training that starts from a model needs fewer; drawn dogs are enough', () => {
  expect(advice(500, { config: { from: 'models/few' } })).toBe('');
  expect(advice(100, { config: { from: 'models/few' } })).toBe(
    '100 photos are few: D will soon know them by heart; expect near copies of them.',
  );
  expect(advice(100, { config: { data: null } })).toBe('');
});

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
