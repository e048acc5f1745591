import {
  type Config,
  changedFromPreset,
  configSchema,
  flagOf,
  isLegal,
  presetConfig,
  type Setting,
  settingNames,
  settings,
} from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { parse } from 'valibot';
import { describe, expect, test, vi } from 'vitest';
import { parseTrainOptions, resumedConfig } from './options.ts';
import { planText, settingsTable } from './settings-table.ts';

const parseLine = (line: string) => parseTrainOptions(line.split(' ').filter(Boolean))!;

describe('parseTrainOptions', () => {
  test('without arguments trains drawn dogs with the default preset', () => {
    const { config, out, dryRun, resume, given } = parseLine('');
    expect(config).toEqual(presetConfig('dogs', null));
    expect({ out, dryRun, resume, given }).toEqual({ out: 'runs', dryRun: false, resume: null, given: {} });
  });

  test('with photos the preset runs at full length', () => {
    expect(parseLine('--data photos').config.images).toBeGreaterThan(20 * parseLine('').config.images);
  });

  test('every option sets the setting of its name', () => {
    const { config, out, dryRun } = parseLine(
      '--data a.zip --preset paper --out elsewhere --size 128 --channels 16 --max-channels 64 --latent 64 --batch 8 --lr-g 3e-4 --lr-d .0004 ' +
        '--images 12k --seed 4294967295 --backend onnxruntime --device cpu --precision mixed --crop attention --flip --loss hinge --ema-images 1.1M --r1 0.5 --r1-every 4 ' +
        '--augment cutout,color --ada 0.6 --ada-images 100k --upsample nearest --attention 32 --decay-images 7k --tick-every 100 --sheet-every 2k --checkpoint-every 3k --evaluate-every 0 --no-guard --dry-run --norm-d none --spectral ' +
        '--beta1 0 --beta2 0.99 --photo-size 256 --freeze-d 5 --from models/dogs',
    );
    expect(config).toMatchObject({
      preset: 'paper',
      data: 'a.zip',
      size: 128,
      photoSize: 256,
      crop: 'attention',
      flip: true,
      channels: 16,
      maxChannels: 64,
      latent: 64,
      batch: 8,
      images: 12_000,
      lrG: 3e-4,
      lrD: 4e-4,
      beta1: 0,
      beta2: 0.99,
      loss: 'hinge',
      normD: 'none',
      spectral: true,
      r1: 0.5,
      r1Every: 4,
      emaImages: 1_100_000,
      augment: ['color', 'cutout'],
      ada: 0.6,
      adaImages: 100_000,
      upsample: 'nearest',
      attention: 32,
      decayImages: 7_000,
      seed: 4_294_967_295,
      backend: 'onnxruntime',
      device: 'cpu',
      precision: 'mixed',
      tickEvery: 100,
      sheetEvery: 2_000,
      checkpointEvery: 3_000,
      evaluateEvery: 0,
      guard: false,
      freezeD: 5,
      from: 'models/dogs',
    });
    expect({ out, dryRun }).toEqual({ out: 'elsewhere', dryRun: true });
    expect(parse(configSchema, JSON.parse(JSON.stringify(config)))).toEqual(config);
  });

  describe('--find-lr', () => {
    test('tries pairs of 1e-5 to 1e-2 with the given settings, or pairs of given rates', () => {
      const { findLr, config } = parseLine('--find-lr --data x --preset student --batch 16');
      expect(findLr!.grid.ratesG).toHaveLength(5);
      expect(findLr!.grid.ratesD).toEqual(findLr!.grid.ratesG);
      expect([findLr!.grid.ratesG[0], findLr!.grid.ratesG[4], findLr!.images]).toEqual([1e-5, 1e-2, null]);
      expect(config).toMatchObject({ preset: 'student', batch: 16 });
      const other = parseLine('--find-lr --find-lr-g 1e-3,2e-5,1e-3 --find-lr-d .0004 --images 2k').findLr;
      expect(other).toEqual({ grid: { ratesG: [2e-5, 1e-3], ratesD: [4e-4] }, images: 2_000 });
      expect(parseLine('').findLr).toBeNull();
    });

    test.each([
      ['--find-lr --lr-g 1e-3', /--lr-g: --find-lr tries several rates; give them with --find-lr-g/],
      ['--find-lr-d 1e-3', /--find-lr-d: needs --find-lr/],
      ['--find-lr --images 3000 --decay-images 160k', /--decay-images: --find-lr tries constant rates/],
      ['--find-lr --find-lr-g 1e-3,2', /--find-lr-g: '2' is not a number from 1e-9 to 1/],
      ['--find-lr --find-lr-g 1e-3,', /--find-lr-g: ''/],
      ['--find-lr --resume latest --images 100', /--images: cannot change when a search is resumed/],
      ['--find-lr --resume latest --augment color', /--augment: cannot change when a search is resumed/],
      ['--find-lr --resume latest --ada 0.6', /--ada: cannot change when a search is resumed/],
      ['--find-lr --resume latest --find-lr-g 1e-3', /--find-lr-g: cannot change when a search/],
    ])('%s is refused', (line, message) => {
      expect(() => parseLine(line)).toThrow(message);
    });
  });

  test("the student's two learning rates", () => {
    const { config } = parseLine('--preset student --data photos --lr-g 0.01 --lr-d 0.01');
    expect(config).toMatchObject({ photoSize: 128, size: 64, batch: 50, lrG: 0.01, lrD: 0.01, loss: 'bce-clamped' });
    expect(changedFromPreset(config)).toEqual(['lrG', 'lrD']);
  });

  test.each([
    ['200000', 200_000],
    ['200k', 200_000],
    ['2M', 2_000_000],
    ['1.5K', 1_500],
    ['0.0021m', 2_100],
  ])('--images %s', (text, images) => {
    expect(parseLine(`--images ${text}`).config.images).toBe(images);
  });

  test('the -- that pnpm passes on is skipped', () => {
    expect(parseLine('-- --data x').config.data).toBe('x');
  });

  test.each(settingNames())('setting %s has an option that accepts every kind of legal value', (name) => {
    const { legal, value }: Setting<unknown> = settings[name];
    const given = (text: string) => (parseTrainOptions([...text.split(' '), '--resume', 'x'])!.given as Config)[name];
    switch (legal.type) {
      case 'number':
        expect(given(`${flagOf(name)} ${legal.min}`)).toBe(legal.min);
        expect(given(`${flagOf(name)} ${legal.max}`)).toBe(legal.max);
        expect(() => given(`${flagOf(name)} ${legal.max + 1}`)).toThrow(`${flagOf(name)}: '${legal.max + 1}' is not`);
        break;
      case 'choice':
        for (const word of legal.words) expect(given(`${flagOf(name)} ${word}`)).toBe(word);
        expect(() => given(`${flagOf(name)} nonsense`)).toThrow(`${flagOf(name)}: 'nonsense' is not one of`);
        break;
      case 'list':
        expect(given(`${flagOf(name)} ${[...legal.words].reverse().join(',')}`)).toEqual(legal.words);
        expect(given(`${flagOf(name)} none`)).toEqual([]);
        break;
      case 'switch':
        expect([given(flagOf(name)), given(flagOf(name).replace('--', '--no-'))]).toEqual([true, false]);
        break;
      case 'path':
        expect(given(`${flagOf(name)} somewhere`)).toBe('somewhere');
    }
    expect(isLegal(settings[name], value)).toBe(true);
  });

  test('options and values of earlier versions still work', () => {
    const { given } = parseLine('--tick 50 --sheet 2k --checkpoint 3k --evaluate 0 --preset seed --loss bce');
    expect(given).toEqual({
      tickEvery: 50,
      sheetEvery: 2_000,
      checkpointEvery: 3_000,
      evaluateEvery: 0,
      preset: 'student',
      loss: 'non-saturating',
    });
    expect(parseLine('--tick 50 --tick-every 60').given).toEqual({ tickEvery: 60 });
  });

  test('switches can be set both ways, and default to the preset', () => {
    expect(parseLine('--data x').config).toMatchObject({ flip: true, spectral: false, guard: true });
    expect(parseLine('--data x --no-flip --spectral --no-guard').config).toMatchObject({
      flip: false,
      spectral: true,
      guard: false,
    });
    expect(parseLine('--preset paper').config.flip).toBe(false);
    expect(parseLine('--augment none').config.augment).toEqual([]);
  });

  test.each([
    ['--channels 7', /--channels: '7' is not a whole number from 8 to 256/],
    ['--channels 16.5', /--channels: '16.5' is not a whole number from 8 to 256/],
    ['--channels 0x10', /--channels: '0x10'/],
    ['--batch 1', /--batch: '1' .* 2 to 1024/],
    ['--lr-g 0', /--lr-g: '0' is not a number from 1e-9 to 1/],
    ['--lr-g fast', /--lr-g: 'fast'/],
    ['--lr-d NaN', /--lr-d: 'NaN'/],
    ['--lr-d -1', /--lr-d: '-1'/],
    ['--images many', /--images: 'many' .* 2 to 1000000000/],
    ['--images 0.0005k', /--images: '0.0005k'/],
    ['--images 16 --batch 32', /--images: 16 .* 32/],
    ['--size 96', /--size: '96' is not one of 64, 128/],
    ['--size 128 --photo-size 100', /--photo-size: 100 .* 128 to 1024/],
    ['--preset cats', /--preset: 'cats' is not one of dogs, paper, student/],
    ['--augment color,blur', /--augment: 'blur' is not one of color, translation, cutout/],
    ['--seed -1', /--seed: '-1' .* 0 to 4294967295/],
    ['--device tpu', /--device: 'tpu' is not one of auto, cpu, webgpu, cuda/],
    ['--precision fp16', /--precision: 'fp16' is not one of fp32, mixed/],
    ['--backend pytorch', /--backend: 'pytorch' is not one of auto, onnxruntime, tensorflow/],
    ['--chanels 32', /unknown option '--chanels'[\s\S]*--channels/],
    ['--data', /--data <path>/],
    ['photos', /too many arguments/],
  ])('%s is refused', (line, message) => {
    expect(() => parseLine(line)).toThrow(UserError);
    expect(() => parseLine(line)).toThrow(message);
  });

  test('help contains every option of the config, and ends with examples', () => {
    const written: string[] = [];
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
    try {
      expect(parseTrainOptions(['--help'])).toBeNull();
    } finally {
      write.mockRestore();
    }
    const help = written.join('');
    for (const key of Object.keys(presetConfig('dogs', null))) expect(help).toContain(flagOf(key as 'data'));
    expect(help.trimEnd().split('\n').at(-1)).toMatch(/^ {2}\$ pnpm train --resume/);
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(90);
  });
});

describe('resumedConfig', () => {
  const saved: Config = { ...presetConfig('dogs', 'photos'), backend: 'onnxruntime', device: 'cpu' };

  test('keeps the backend of the run; runs older than --backend continue on the CPU', () => {
    const old = { ...saved, device: 'auto' as const };
    expect(resumedConfig(old, {})).toMatchObject({ backend: 'onnxruntime', device: 'cpu' });
    expect(resumedConfig(old, { device: 'auto' })).toMatchObject({ backend: 'onnxruntime', device: 'auto' });
    expect(resumedConfig({ ...saved, device: 'webgpu' }, {})).toMatchObject({ device: 'webgpu' });
  });

  test('applies what may change and keeps the rest', () => {
    const { given } = parseLine('--resume latest --images 3M --device webgpu --tick-every 50 --no-guard');
    expect(resumedConfig(saved, given)).toEqual({
      ...saved,
      images: 3_000_000,
      device: 'webgpu',
      tickEvery: 50,
      guard: false,
    });
  });

  test('keeps the precision; runs older than the options are float32 and without attention', () => {
    const { precision: _, attention: __, ...older } = JSON.parse(JSON.stringify(saved)) as Config;
    const parsed = parse(configSchema, older);
    expect(resumedConfig(parsed, {})).toMatchObject({ precision: 'fp32', attention: 0 });
    expect(() => resumedConfig(parsed, parseLine('--precision mixed').given)).toThrow(
      /--precision \(fp32 in the run, mixed given\)/,
    );
    expect(resumedConfig({ ...saved, precision: 'mixed' }, {}).precision).toBe('mixed');
  });

  test('accepts options equal to the run', () => {
    expect(resumedConfig(saved, parseLine('--batch 32 --preset dogs --augment translation').given)).toEqual(saved);
  });

  test('names the options that may not change', () => {
    const attempt = () => resumedConfig(saved, parseLine('--lr-g 1e-3 --batch 32 --no-flip --latent 8').given);
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow(
      /--lr-g \(0.0002 in the run, 0.001 given\), --flip .*, --latent \(100 in the run, 8 given\)/,
    );
    expect(attempt).not.toThrow(/--batch/);
  });

  test('decay may be added, up to the number of images', () => {
    const { given } = parseLine('--resume latest --decay-images 500k');
    expect(resumedConfig(saved, given).decayImages).toBe(500_000);
    expect(() => resumedConfig(saved, { decayImages: 3_000_000 })).toThrow(
      '--decay-images: 3000000 is more than the 560000 images of the run; legal: 0 to 560000',
    );
  });

  test('augmentation may change', () => {
    const { given } = parseLine('--resume latest --augment color,translation');
    expect(resumedConfig(saved, given).augment).toEqual(['color', 'translation']);
  });

  test('ADA may be added, if there is an augmentation', () => {
    const { given } = parseLine('--resume latest --ada 0.6 --ada-images 100k');
    expect(resumedConfig({ ...saved, augment: ['color'] }, given)).toMatchObject({ ada: 0.6, adaImages: 100_000 });
    expect(() => resumedConfig({ ...saved, augment: [] }, given)).toThrow(
      '--ada: 0.6 needs an augmentation to control; legal: 0, or at least one augmentation',
    );
  });
});

describe('settingsTable', () => {
  test('is aligned, and marks differences from the preset', () => {
    const lines = settingsTable(parseLine('--data photos --channels 64').config).split('\n');
    expect(lines.filter((line) => line.startsWith('*'))).toEqual([
      expect.stringMatching(/^\* channels +64 +\(preset dogs: 32\)$/),
    ]);
    expect(new Set(lines.map((line) => line.match(/^[* ] \w+ +/)?.[0].length)).size).toBe(1);
  });
});

test('planText names the photos, the length and the folder', () => {
  const { config, out } = parseLine('--data a.zip --images 1000 --batch 48 --size 128 --tick 100 --out there');
  const text = planText(config, out, null);
  expect(text).toContain('on a.zip at 128x128: 1,000 images in 21 steps of 48.');
  expect(text).toContain('new run folder in there: a log line every 100 images, a sheet every 20,000');
  expect(planText(config, out, 'runs/00003-a-64')).toContain('Would resume runs/00003-a-64');
});
