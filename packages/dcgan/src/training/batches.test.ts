import { deriveSeed, type PictureSource, UniformStream } from '@latent-dogs/latent';
import { expect, test } from 'vitest';
import { presetConfig } from '../settings/presets.ts';
import { drawAugmentations } from '../step/augment.ts';
import { Batches } from './batches.ts';

const SIZE = 64;
const config = { ...presetConfig('dogs', 'photos'), batch: 4, latent: 3 };

/** Ten photos; each has its index in every byte but the first of a row, which is 255. */
const photos = (read?: () => Promise<void>): PictureSource => ({
  count: 10,
  size: SIZE,
  read: async (indices, out) => {
    await read?.();
    for (let i = 0; i < out.length; i++) {
      const picture = indices[Math.floor(i / (3 * SIZE ** 2))]!;
      out[i] = i % (3 * SIZE) === 0 ? 255 : picture;
    }
  },
});

const plain = async (batches: Batches, p?: number) =>
  JSON.stringify(Object.entries(await batches.next(p)).map(([, data]) => [...data]));

test('drawing ahead changes neither the batches nor the state to resume from', async () => {
  const [straight, ahead] = [new Batches(photos(), config), new Batches(photos(), config)];
  for (let step = 0; step < 7; step++) {
    expect(ahead.state).toEqual(straight.state);
    const p = [1, 0.5, 0.2][step % 3]!;
    expect(await plain(ahead, p)).toBe(await plain(straight, p));
    ahead.prefetch();
  }
});

test('a stream resumed from the state beside a batch drawn ahead gives that batch next', async () => {
  const batches = new Batches(photos(), config);
  await batches.next();
  batches.prefetch();
  const state = JSON.parse(JSON.stringify(batches.state));
  const resumed = new Batches(photos(), config, state);
  for (let step = 0; step < 4; step++) expect(await plain(resumed)).toBe(await plain(batches));
});

test('by default augmentations are the draws of their own stream, as in earlier versions', async () => {
  const batches = new Batches(photos(), config);
  const uniforms = new UniformStream(deriveSeed(config.seed, 'augmentations'));
  for (let step = 0; step < 3; step++) {
    const { augmentReal, augmentFake } = await batches.next();
    expect([augmentReal, augmentFake]).toEqual([
      drawAugmentations(uniforms, 4, SIZE),
      drawAugmentations(uniforms, 4, SIZE),
    ]);
  }
});

test('a probability of 1/2 leaves out half of the augmentations, of photos and fakes independently, and changes nothing else', async () => {
  const [full, half] = [new Batches(photos(), config), new Batches(photos(), config)];
  const counts = { none: 0, photo: 0, fake: 0, both: 0 };
  for (let step = 0; step < 50; step++) {
    const [all, some] = [await full.next(), await half.next(0.5)];
    expect(some.real.every((byte, i) => byte === all.real[i])).toBe(true);
    expect(some.z).toEqual(all.z);
    for (let picture = 0; picture < 4; picture++) {
      // Cutout's row is never negative if it is applied.
      const [photo, fake] = [some.augmentReal, some.augmentFake].map((draws) => draws[picture * 7 + 5]! >= 0);
      counts[photo ? (fake ? 'both' : 'photo') : fake ? 'fake' : 'none']++;
    }
  }
  expect(half.state).toEqual(full.state);
  // Of 200 pairs a quarter each: five standard deviations.
  for (const count of Object.values(counts)) expect(Math.abs(count - 50)).toBeLessThan(31);
});

test('every photo is seen once an epoch, and about half of them mirrored', async () => {
  const batches = new Batches(photos(), config);
  const seen: number[] = [];
  let mirrored = 0;
  for (let step = 0; step < 50; step++) {
    const { real } = await batches.next();
    for (let picture = 0; picture < 4; picture++) {
      const row = real.subarray(picture * 3 * SIZE ** 2).subarray(0, 3 * SIZE);
      // The red of the left pixel is 255; mirrored, it is the red of the right one.
      expect([row[0], row[3 * (SIZE - 1)]]).toContain(255);
      if (row[3 * (SIZE - 1)] === 255) mirrored++;
      seen.push(row[1]!);
    }
  }
  for (let epoch = 0; epoch < 20; epoch++) {
    expect(seen.slice(epoch * 10, epoch * 10 + 10).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  }
  // 200 fair draws: five standard deviations.
  expect(Math.abs(mirrored - 100)).toBeLessThan(36);
});

test('an error of reading ahead is thrown by the call that wants the batch', async () => {
  let broken = false;
  const batches = new Batches(
    photos(async () => {
      if (broken) throw new Error('the disk is gone');
    }),
    config,
  );
  await batches.next();
  broken = true;
  batches.prefetch();
  await batches.settle();
  await expect(batches.next()).rejects.toThrow('the disk is gone');
});
