import { type Config, presetConfig } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { expect, test } from 'vitest';
import { trainCommand } from '../run/train-command.ts';
import { parseTrainOptions } from './options.ts';
import { settingsTable } from './settings-table.ts';
import { transferredConfig } from './transferred-config.ts';

const source: Config = {
  ...presetConfig('dogs', 'five thousand'),
  ...{
    channels: 16,
    maxChannels: 128,
    latent: 50,
    upsample: 'transposed',
    attention: 16,
    normD: 'none',
    spectral: true,
  },
  ...{ batch: 24, lrG: 1e-4, lrD: 3e-4, loss: 'hinge', r1: 0.5, emaImages: 5_000, augment: ['color'], seed: 7 },
  ...{ images: 560_000, decayImages: 160_000, tickEvery: 123, precision: 'mixed', device: 'webgpu', guard: false },
  freezeD: 2,
};
const folder = 'models/dogs-64';

const from = (line: string, config: Config = source): Config => {
  const words = ['--data', 'photos', '--from', folder, ...line.split(' ').filter(Boolean)];
  return transferredConfig({ folder, config }, parseTrainOptions(words)!.given);
};

test("networks and recipe are the source's; length, reporting and everything about the machine are not", () => {
  expect(from('')).toEqual({
    ...source,
    ...{ data: 'photos', from: folder, images: 60_000, decayImages: 0, freezeD: 0 },
    ...{ tickEvery: 1_000, sheetEvery: 2_000, checkpointEvery: 5_000, evaluateEvery: 5_000 },
    ...{ precision: 'fp32', device: 'auto', guard: true },
    // Of the last steps: the source's dogs leave it sooner.
    emaImages: 1_000,
  });
});

test('the average is not longer than the source keeps it, and as long as it is asked to be', () => {
  const averageOf = (config: Config, words: string) =>
    transferredConfig(
      { folder, config },
      parseTrainOptions(`--data photos --from ${folder} ${words}`.trim().split(' '))!.given,
    ).emaImages;
  expect(averageOf({ ...source, emaImages: 0 }, '')).toBe(0);
  expect(averageOf({ ...source, emaImages: 500 }, '')).toBe(500);
  expect(averageOf(source, '--ema-images 10k')).toBe(10_000);
});

test('with --preset the recipe is the preset, on the same networks', () => {
  expect(from('--preset paper')).toEqual({
    ...presetConfig('paper', 'photos', true),
    ...{
      channels: 16,
      maxChannels: 128,
      latent: 50,
      upsample: 'transposed',
      attention: 16,
      normD: 'none',
      spectral: true,
    },
    from: folder,
  });
});

test('options given replace both', () => {
  const given = '--lr-d 1e-5 --augment translation --images 20k --freeze-d 3 --seed 1 --batch 8 --ema-images 0';
  expect(from(given)).toMatchObject({
    ...{ lrG: 1e-4, lrD: 1e-5, augment: ['translation'], images: 20_000, freezeD: 3, seed: 1, batch: 8, emaImages: 0 },
  });
});

test('options equal to the networks are accepted', () => {
  const line =
    '--size 64 --channels 16 --max-channels 128 --latent 50 --upsample transposed --attention 16 --norm-d none';
  expect(from(`${line} --spectral`)).toEqual(from(''));
});

test.each([
  ['--channels 32', '--channels (16 in them, 32 given)'],
  ['--max-channels 0', '--max-channels (128 in them, 0 given)'],
  ['--latent 100', '--latent (50 in them, 100 given)'],
  ['--upsample nearest', '--upsample (transposed in them, nearest given)'],
  ['--attention 0', '--attention (16 in them, 0 given)'],
  ['--norm-d batch', '--norm-d (none in them, batch given)'],
  ['--no-spectral', '--spectral (true in them, false given)'],
  ['--latent 8 --lr-g 1e-3 --channels 8', '--latent (50 in them, 8 given), --channels (16 in them, 8 given)'],
])('%s is refused, with both values', (line, message) => {
  expect(() => from(line)).toThrow(UserError);
  expect(() => from(line)).toThrow(
    `--from: the networks are those of models/dogs-64; an option can't change ${message}. Leave`,
  );
});

test('conflicts are found with the settings of the source', () => {
  expect(() => from('--freeze-d 5')).toThrow('--freeze-d: 5 leaves no layer of D to train: it has 5 at size 64');
  expect(from('--freeze-d 5', { ...source, size: 128 }).freezeD).toBe(5);
  expect(() => from('--images 20')).toThrow('--images: 20 is less than one batch; legal: 24 or more');
});

test('--find-lr cannot start from a model', () => {
  expect(() => parseTrainOptions(['--find-lr', '--from', folder])).toThrow(
    '--from: --find-lr starts from random weights; leave it out',
  );
});

test.each(['', '--preset paper', '--lr-d 1e-5 --augment translation --flip --images 2M'])(
  'the command of a run with %j gives the same settings again',
  (line) => {
    const config = from(line);
    const [pnpm, train, ...words] = trainCommand(config).split(' ');
    expect([pnpm, train]).toEqual(['pnpm', 'train']);
    expect(transferredConfig({ folder, config: source }, parseTrainOptions(words)!.given)).toEqual(config);
  },
);

test('the table says what it starts from', () => {
  expect(settingsTable(from(''))).toMatch(/^\* from +models\/dogs-64 +\(preset dogs: random weights\)$/m);
  expect(settingsTable(presetConfig('dogs', 'photos'))).toMatch(/^ {2}from +random weights$/m);
});

test('networks of twice the size: half the channels at the picture, so that inner layers fit', () => {
  const { freezeD: _, ...plain } = source;
  expect(from('--size 128', { ...plain, freezeD: 0 })).toMatchObject({ size: 128, channels: 8, maxChannels: 128 });
  expect(() => from('--size 128 --channels 16')).toThrow('--channels (8 in them, 16 given)');
  expect(() => from('--size 64', { ...source, size: 128 })).toThrow('--size (128 in them, 64 given)');
  expect(() => from('--size 128', { ...source, channels: 9 })).toThrow("networks of 9 base channels can't grow to 128");
});
