import { safeParse } from 'valibot';
import { describe, expect, test } from 'vitest';
import { configSchema, recordedSchema } from './config.ts';
import { presetConfig } from './presets.ts';
import { settingNames } from './settings.ts';

/** A config of version 0.1, before --backend, --precision, --attention, --decay-images, --max-channels, --ada and --hold-out. */
const oldest = {
  preset: 'seed',
  data: 'kaggle-dogs',
  size: 64,
  photoSize: 128,
  crop: 'center',
  flip: false,
  channels: 64,
  latent: 100,
  batch: 50,
  images: 1_250_000,
  lrG: 1e-6,
  lrD: 1e-4,
  beta1: 0.5,
  beta2: 0.999,
  loss: 'bce',
  normD: 'none',
  spectral: false,
  r1: 0,
  r1Every: 16,
  emaImages: 0,
  augment: [],
  upsample: 'transposed',
  seed: 0,
  device: 'auto',
  tick: 1_000,
  sheet: 20_000,
  checkpoint: 40_000,
  guard: true,
};

test('a config of an earlier version is migrated, and a migrated one is unchanged', () => {
  const read = safeParse(configSchema, oldest);
  expect(read.issues).toBeUndefined();
  const { tick: _, sheet: __, checkpoint: ___, ...same } = oldest;
  const now = {
    ...same,
    preset: 'student',
    loss: 'non-saturating',
    maxChannels: 0,
    holdOut: 0,
    decayImages: 0,
    ada: 0,
    adaImages: 500_000,
    freezeD: 0,
    from: null,
    attention: 0,
    backend: 'onnxruntime',
    precision: 'fp32',
    tickEvery: 1_000,
    sheetEvery: 20_000,
    checkpointEvery: 40_000,
    evaluateEvery: 0,
  };
  expect(read.output).toEqual(now);
  expect(safeParse(configSchema, JSON.parse(JSON.stringify(read.output))).output).toEqual(now);
});

test.each(['paper', 'student', 'dogs'] as const)('preset %s is legal, and has every setting', (preset) => {
  for (const data of [null, 'photos']) {
    const config = presetConfig(preset, data);
    expect(safeParse(configSchema, config).output).toEqual(config);
    expect(Object.keys(config).sort()).toEqual([...settingNames()].sort());
  }
});

test('at 128 pixels D has one layer more to freeze', () => {
  const config = { ...presetConfig('dogs', 'photos'), size: 128, freezeD: 5 };
  expect(safeParse(configSchema, config).output).toEqual(config);
});

describe('errors name the setting and the legal values', () => {
  test.each<[Record<string, unknown>, string, string]>([
    [{ batch: 1 }, 'batch', '1 is not legal; legal: a whole number from 2 to 1024'],
    [{ batch: 2.5 }, 'batch', '2.5 is not legal; legal: a whole number from 2 to 1024'],
    [{ lrG: '1e-3' }, 'lrG', '"1e-3" is not legal; legal: a number from 1e-9 to 1'],
    [{ lrG: Number.NaN }, 'lrG', 'null is not legal; legal: a number from 1e-9 to 1'],
    [{ channels: undefined }, 'channels', 'is missing; legal: a whole number from 8 to 256'],
    [{ photoSize: 32 }, 'photoSize', '32 is not legal; legal: a whole number from 64 to 1024, or null'],
    [{ size: 96 }, 'size', '96 is not legal; legal: one of 64, 128'],
    [{ augment: ['rotation'] }, 'augment', '["rotation"] is not legal; legal: a list of color, translation, cutout'],
    [{ guard: 1 }, 'guard', '1 is not legal; legal: true or false'],
    [{ ada: -0.6 }, 'ada', '-0.6 is not legal; legal: a number from 0 to 1'],
    [{ data: 7 }, 'data', '7 is not legal; legal: a path, or null'],
    [{ size: 128, photoSize: 64 }, '', 'photoSize: 64 is less than the size, 128; legal: 128 to 1024'],
    [{ images: 5 }, '', 'images: 5 is less than one batch; legal: 32 or more, or a smaller batch'],
    [{ images: 64, decayImages: 65 }, '', 'decayImages: 65 is more than the 64 images of the run; legal: 0 to 64'],
    [{ freezeD: 5 }, '', 'freezeD: 5 leaves no layer of D to train: it has 5 at size 64; legal: 0 to 4'],
    [
      { holdOut: 0.1, evaluateEvery: 0 },
      '',
      'evaluateEvery: 0 leaves the held-out photos without a use; legal: 1 or more, or a run that holds out none',
    ],
    [{ holdOut: 0.6 }, 'holdOut', '0.6 is not legal; legal: a number from 0 to 0.5'],
    [
      { ada: 0.6, augment: [] },
      '',
      'ada: 0.6 needs an augmentation to control; legal: 0, or at least one augmentation',
    ],
  ])('%j', (change, key, message) => {
    const json: unknown = JSON.parse(JSON.stringify({ ...presetConfig('dogs', 'photos'), ...change }));
    const [issue] = safeParse(configSchema, json).issues!;
    expect(issue!.path?.map((step) => step.key).join('.') ?? '').toBe(key);
    expect(issue!.message).toBe(message);
  });

  test('a setting that does not exist', () => {
    const [issue] = safeParse(configSchema, { ...presetConfig('dogs', null), surprise: 1 }).issues!;
    expect(issue).toMatchObject({ path: [{ key: 'surprise' }], message: 'is not a setting' });
  });
});

test('the record of a resume', () => {
  const before = { images: 60_000, decayImages: 0, augment: ['color'], ada: 0.6, adaImages: 100_000 };
  expect(safeParse(recordedSchema, before).output).toEqual(before);
  expect(safeParse(recordedSchema, { ...before, decayImages: undefined }).output).toEqual(before);
  const earlier = { images: 60_000, augment: ['color'] };
  expect(safeParse(recordedSchema, earlier).output).toEqual({ ...earlier, decayImages: 0, ada: 0, adaImages: 500_000 });
  expect(safeParse(recordedSchema, { ...before, lrG: 1 }).success).toBe(false);
});
