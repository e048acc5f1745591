import { cp, mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@latent-dogs/latent';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFields } from './manifest-file.ts';
import { listModels, newestModel } from './newest-model.ts';
import { writeTinyModel } from './testing/tiny-model.ts';

let models: string;
beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'models-'));
});
afterEach(() => rm(models, { recursive: true }));

const names = async (folder = models) => (await listModels(folder)).map(({ name }) => name);

/** Written in another order than they were exported in. */
async function writeSome() {
  await writeTinyModel(models, 'zoe', null);
  await writeTinyModel(models, 'newest', '2026-03-02T10:00:00.000Z');
  await writeTinyModel(models, 'b', '2026-03-01T10:00:00Z');
  await writeTinyModel(models, 'a', '2026-03-01T10:00:00.000Z');
  await writeTinyModel(models, 'old', null);
}
const ORDER = ['newest', 'a', 'b', 'old', 'zoe'];

test('by the time of the export, then those without one, equals by name', async () => {
  await writeSome();
  expect(await names()).toEqual(ORDER);
  expect(await newestModel(models)).toBe(join(models, 'newest'));
});

test('the order survives touched files, copies, and new metrics', async () => {
  await writeSome();
  for (const file of await readdir(join(models, 'zoe'))) await utimes(join(models, 'zoe', file), 4e9, 4e9);
  await replaceFields(join(models, 'old'), { metrics: { diversity: 0.5 } });
  expect(await names()).toEqual(ORDER);
  const copy = join(models, '.copy');
  for (const name of ORDER.toReversed()) await cp(join(models, name), join(copy, name), { recursive: true });
  expect(await names(copy)).toEqual(ORDER);
  await rename(join(models, 'newest'), join(models, 'renamed'));
  expect((await names())[0]).toBe('renamed');
});

test('unfinished exports, other folders and files are no models', async () => {
  await writeTinyModel(models, 'dogs', null);
  await writeTinyModel(models, '.dogs.partial-1', '2026-03-01T10:00:00Z');
  await mkdir(join(models, 'notes'));
  await writeFile(join(models, 'notes.txt'), '');
  expect(await names()).toEqual(['dogs']);
});

test('no models: a list of none, and no newest', async () => {
  expect(await names()).toEqual([]);
  expect(await names(join(models, 'nowhere'))).toEqual([]);
  await expect(newestModel(models)).rejects.toThrow(UserError);
  await expect(newestModel(models)).rejects.toThrow(/no model in .*pnpm train, then pnpm export/);
});

test('a model.json that is not legal is named, not passed over', async () => {
  await writeSome();
  await writeFile(join(models, 'old', 'model.json'), '{}');
  await expect(newestModel(models)).rejects.toThrow(join(models, 'old', 'model.json'));
});
