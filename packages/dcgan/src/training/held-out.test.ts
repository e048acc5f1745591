import { deriveSeed, type PictureSource, UserError } from '@latent-dogs/latent';
import { expect, test } from 'vitest';
import { presetConfig } from '../settings/presets.ts';
import { Batches } from './batches.ts';
import { DataOrder } from './data-order.ts';
import { splitPhotos } from './held-out.ts';

const SIZE = 64;
const PHOTO = 3 * SIZE ** 2;

/** Photo i has i in every byte. */
const photos = (count: number): PictureSource => ({
  count,
  size: SIZE,
  read: async (indices, out) => {
    for (let i = 0; i < indices.length; i++) out.fill(indices[i]!, i * PHOTO, (i + 1) * PHOTO);
  },
});

/** The photos that a source reads for its indices 0, 1, 2 … */
async function membersOf(source: PictureSource): Promise<number[]> {
  const out = new Uint8Array(source.count * PHOTO);
  await source.read([...Array(source.count).keys()], out);
  return Array.from({ length: source.count }, (_, i) => out[i * PHOTO]!);
}

const split = async (count: number, holdOut: number, seed = 0) => {
  const { training, heldOut } = splitPhotos(photos(count), { holdOut, seed });
  return { training: await membersOf(training), heldOut: await membersOf(heldOut!) };
};

test.each([
  [10, 0.1, 1],
  [100, 0.29, 29],
  [200, 0.25, 50],
  [7, 0.5, 4],
  [2, 0.5, 1],
] as const)('of %i photos a share of %f is held out, the others are trained on', async (count, holdOut, held) => {
  const { training, heldOut } = await split(count, holdOut);
  expect(heldOut).toHaveLength(held);
  const both = [...training, ...heldOut];
  expect(both.sort((a, b) => a - b)).toEqual([...Array(count).keys()]);
});

test('the split is the same each time, and another for another seed', async () => {
  const first = await split(200, 0.2);
  expect(await split(200, 0.2)).toEqual(first);
  expect((await split(200, 0.2, 1)).heldOut).not.toEqual(first.heldOut);
  // Not the first ones or every fifth: photos of one series are often neighbours.
  const gaps = first.heldOut.map((photo, i) => photo - (first.heldOut[i - 1] ?? 0));
  expect(new Set(gaps).size).toBeGreaterThan(5);
});

test.each([
  [4, 0.1, /^--hold-out: 0.1 of 4 photos leaves none to hold out; legal: 0, or more photos$/],
  [1, 0.5, /^--hold-out: 0.5 of 1 photos leaves none to train on; legal: 0, or more photos$/],
])('%i photos are too few for a share of %f', (count, holdOut, message) => {
  expect(() => splitPhotos(photos(count), { holdOut, seed: 0 })).toThrow(UserError);
  expect(() => splitPhotos(photos(count), { holdOut, seed: 0 })).toThrow(message);
});

const config = { ...presetConfig('dogs', 'photos'), batch: 4, latent: 3 };

/** Photos in the next `steps` batches. */
async function seenIn(batches: Batches, steps: number): Promise<number[]> {
  const seen: number[] = [];
  for (let step = 0; step < steps; step++) {
    const { real } = await batches.next();
    for (let i = 0; i < 4; i++) seen.push(real[i * PHOTO]!);
  }
  return seen;
}

test('no batch has a held-out photo, and all others are trained on, also after a resume', async () => {
  const holding = { ...config, holdOut: 0.3 };
  const { training } = await split(20, 0.3);
  const batches = new Batches(photos(20), holding);
  const seen = await seenIn(batches, 4);
  const resumed = new Batches(photos(20), holding, JSON.parse(JSON.stringify(batches.state)));
  const rest = await seenIn(resumed, 20);
  expect(rest).toEqual(await seenIn(batches, 20));
  expect(new Set([...seen, ...rest])).toEqual(new Set(training));
});

test('with nothing held out, photos come in the order of runs without the setting', async () => {
  const order = new DataOrder({ count: 10, seed: deriveSeed(config.seed, 'data order') });
  expect(await seenIn(new Batches(photos(10), config), 5)).toEqual([...order.next(20)]);
});
