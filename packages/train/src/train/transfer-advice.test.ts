import { presetConfig } from '@latent-dogs/dcgan';
import type { ListedModel } from '@latent-dogs/models';
import { expect, test } from 'vitest';
import { transferAdvice } from './transfer-advice.ts';

const config = presetConfig('dogs', 'my dogs');

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

test('names the model of the same size, with weights, that has seen most photos', () => {
  expect(transferAdvice(config, 1_999, models)).toBe(
    "1,999 photos are few: a GAN from random weights needs thousands. Start from a trained model instead:\n  pnpm train --data 'my dogs' --from models/many",
  );
  expect(transferAdvice({ ...config, size: 128 }, 1, models)).toContain('1 photo is few');
  expect(transferAdvice({ ...config, size: 128 }, 1, models)).toContain('--from models/large');
});

test('without such a model it says what is needed', () => {
  expect(transferAdvice(config, 300, models.slice(2))).toBe(
    '300 photos are few: a GAN from random weights needs thousands. Start from a model or run that was trained on more, with --from (docs/transfer.md).',
  );
});

test.each([
  ['enough photos', config, 2_000],
  ['drawn dogs', presetConfig('dogs', null), 100],
  ['a training that does start from a model', { ...config, from: 'models/few' }, 100],
])('%s: nothing to say', (_, settings, photos) => {
  expect(transferAdvice(settings, photos, models)).toBeNull();
});
