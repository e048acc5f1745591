import type { Config, RunRecord } from '@latent-dogs/dcgan';
import { presetConfig } from '@latent-dogs/dcgan';
import { describe, expect, test } from 'vitest';
import { changed, stagesOf } from './stages.ts';
import { trainCommands } from './train-command.ts';

const begun = (changes: Partial<Config> = {}): RunRecord => ({
  format: 1,
  created: '2026-11-26T00:00:00.000Z',
  config: { ...presetConfig('dogs', 'photos'), images: 600_000, ...changes },
  dataset: { name: 'photos', count: 5_000, fingerprint: 'c0ffee' },
  versions: {},
});

const resumed = (record: RunRecord, imagesSeen: number, changes: Partial<Config>) =>
  changed(record, { ...record.config, ...changes }, imagesSeen);

describe("changes without effect so far don't start a stage", () => {
  test.each<[string, Partial<Config>, number, Partial<Config>]>([
    ['more images', {}, 600_000, { images: 900_000 }],
    ['rates that fall later than now', {}, 300_000, { images: 560_000, decayImages: 160_000 }],
    ['another place of the photos', {}, 300_000, { data: 'elsewhere', tickEvery: 500 }],
    ['nothing learned yet', {}, 0, { augment: [] }],
  ])('%s', (_, first, imagesSeen, changes) => {
    const record = resumed(begun(first), imagesSeen, changes);
    expect(record.changes).toBeUndefined();
    expect(stagesOf(record)).toEqual([{ config: record.config, until: null }]);
  });
});

describe('changes with an effect start a new stage', () => {
  test('stronger augmentation, and rates that had fallen and rise again', () => {
    const record = resumed(begun({ decayImages: 100_000 }), 600_000, {
      augment: ['color', 'translation'],
      images: 900_000,
    });
    expect(trainCommands(record)).toEqual([
      'pnpm train --data photos --images 600000 --decay-images 100000',
      'pnpm train --resume latest --images 900000 --augment color,translation',
    ]);
  });

  test('a decay that has already begun when it is added', () => {
    const record = resumed(begun(), 550_000, { decayImages: 200_000 });
    expect(trainCommands(record)).toEqual([
      'pnpm train --data photos --images 600000 # stopped after 550,000 images',
      'pnpm train --resume latest --decay-images 200000',
    ]);
  });

  test('three in a row', () => {
    const once = resumed(begun(), 200_000, { augment: [] });
    const twice = resumed(once, 400_000, { augment: ['cutout'] });
    expect(stagesOf(twice).map(({ config, until }) => [config.augment.join(), until])).toEqual([
      ['translation', 200_000],
      ['', 400_000],
      ['cutout', null],
    ]);
  });

  test('a change is forgotten if the checkpoints after it are gone', () => {
    const once = resumed(begun(), 400_000, { augment: [] });
    const back = resumed(once, 300_000, { augment: ['translation'] });
    expect(back.changes).toBeUndefined();
    expect(resumed(once, 300_000, {}).changes).toEqual([
      {
        imagesSeen: 300_000,
        before: { images: 600_000, decayImages: 0, augment: ['translation'], ada: 0, adaImages: 500_000 },
      },
    ]);
    // Resumed twice from the same checkpoint, the second time with the original settings.
    expect(resumed(once, 400_000, { augment: ['translation'] }).changes).toBeUndefined();
  });
});
