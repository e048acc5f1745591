import type { PictureSource } from '@latent-dogs/latent';
import { expect, test } from 'vitest';
import { presetConfig } from '../settings/presets.ts';
import type { Config } from '../settings/settings.ts';
import type { Gan } from '../step/gan.ts';
import { splitPhotos } from './held-out.ts';
import { OverfittingMeasure, validationOverfitting } from './overfitting.ts';

test.each([
  ['held-out photos as those trained on', 4, 4, -3, 0],
  ['as fakes', 4, -3, -3, 1],
  ['halfway', 4, 1, -2, 0.5],
  ['even better than those trained on', 4, 5, 0, -0.25],
  ['worse than fakes', 4, -2, 0, 1.5],
  ['logits all shifted', 104, 101, 98, 0.5],
])('r_v if D takes %s', (_, logitReal, logitHeldOut, logitFake, rv) => {
  expect(validationOverfitting({ logitReal, logitHeldOut, logitFake })).toBeCloseTo(rv, 12);
});

const PHOTO = 3 * 64 ** 2;
/** Photo i has i in every second byte and i / 256 in the others. */
const photos = (count: number): PictureSource => ({
  count,
  size: 64,
  read: async (indices, out) => {
    for (let at = 0; at < out.length; at++) {
      const index = indices[Math.floor(at / PHOTO)]!;
      out[at] = at % 2 === 0 ? index % 256 : index >> 8;
    }
  },
});
const photosIn = (bytes: Uint8Array) =>
  Array.from({ length: bytes.length / PHOTO }, (_, i) => bytes[i * PHOTO]! + 256 * bytes[i * PHOTO + 1]!);

/** Measures with a D whose logits are the numbers of the photos; returns them with the batches. */
async function measured(count: number, changes: Partial<Config>) {
  const config = { ...presetConfig('dogs', 'photos'), batch: 8, latent: 2, ...changes };
  const batches: { real: number[]; heldOut: number[]; z: number[] }[] = [];
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;
  const overfitting: Gan['overfitting'] = async ({ real, heldOut, z }) => {
    batches.push({ real: photosIn(real), heldOut: photosIn(heldOut), z: [...z] });
    const logits = { logitReal: mean(photosIn(real)), logitHeldOut: mean(photosIn(heldOut)), logitFake: -1 };
    return { ...logits, probabilityReal: 0.9, probabilityHeldOut: Number.NaN, probabilityFake: 0.1 };
  };
  const measure = OverfittingMeasure.of(photos(count), config);
  const numbers = await measure!.measure({ overfitting } as Gan);
  const all = (name: 'real' | 'heldOut') => batches.flatMap((batch) => batch[name]);
  return { numbers, batches, real: all('real'), heldOut: all('heldOut'), config };
}

/** The sets of a split, by another way: which photos a source reads. */
async function members(source: PictureSource): Promise<Set<number>> {
  const out = new Uint8Array(source.count * PHOTO);
  await source.read([...Array(source.count).keys()], out);
  return new Set(photosIn(out));
}

test('256 photos of each side, the same each time, in whole batches; the means over them', async () => {
  const { numbers, batches, real, heldOut, config } = await measured(1_000, { holdOut: 0.3 });
  const split = splitPhotos(photos(1_000), config);
  const [training, held] = [await members(split.training), await members(split.heldOut!)];
  expect(batches).toHaveLength(32);
  for (const batch of batches) expect([batch.real.length, batch.heldOut.length, batch.z.length]).toEqual([8, 8, 16]);
  expect([new Set(real).size, new Set(heldOut).size]).toEqual([256, 256]);
  expect(real.every((photo) => training.has(photo))).toBe(true);
  expect(heldOut.every((photo) => held.has(photo))).toBe(true);
  expect(new Set(batches.map(({ z }) => z[0])).size).toBe(32);

  const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;
  expect(numbers.logitReal).toBeCloseTo(mean(real), 6);
  expect(numbers.logitHeldOut).toBeCloseTo(mean(heldOut), 6);
  expect(numbers.rv).toBeCloseTo((mean(real) - mean(heldOut)) / (mean(real) + 1), 6);
  expect([numbers.probabilityReal, numbers.probabilityHeldOut]).toEqual([expect.closeTo(0.9, 6), null]);

  expect(await measured(1_000, { holdOut: 0.3 })).toEqual({ numbers, batches, real, heldOut, config });
});

test.each([
  ['a part of a batch is left out', 100, 0.2, 2, 16],
  ['fewer than a batch are repeated, with as few different training photos', 30, 0.1, 1, 3],
  ['a batch of more than 256', 2_000, 0.2, 1, 300, { batch: 300 }],
])('%s', async (_, count, holdOut, batches, distinct, changes: Partial<Config> = {}) => {
  const result = await measured(count, { holdOut, ...changes });
  expect(result.batches).toHaveLength(batches);
  expect([new Set(result.real).size, new Set(result.heldOut).size]).toEqual([distinct, distinct]);
});

test('without held-out photos nothing is measured', () => {
  expect(OverfittingMeasure.of(photos(10), presetConfig('dogs', 'photos'))).toBeNull();
});
