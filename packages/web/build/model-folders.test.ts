import { mkdtemp, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFixtureModel } from '../src/testing/fixture-model.ts';
import { findModels, LARGEST_ASSET } from './model-folders.ts';

const SHAPE = { seed: 1, latentSize: 8, size: 8, channels: 2 };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-folders-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('lists the models, the newest first, and no export at work', async () => {
  for (const name of ['b', 'a', 'newest', 'half-made']) await writeFixtureModel(folder, { ...SHAPE, name });
  for (const name of ['a', 'b']) await utimes(join(folder, name, 'generator.onnx'), 1e9, 1e9);
  await rename(join(folder, 'half-made'), join(folder, '.half-made-at-work'));
  await writeFile(join(folder, 'notes.txt'), '');
  const found = await findModels(folder);
  expect(found.map(({ entry }) => entry.name)).toEqual(['newest', 'a', 'b']);
  expect(found[0]!.files).toContain('newest/timelapse/000300000.webp');
});

test('there may be no models, or no folder of them', async () => {
  expect(await findModels(folder)).toEqual([]);
  expect(await findModels(join(folder, 'missing'))).toEqual([]);
});

test('a file that static hosts refuse stops the build and says what to do', async () => {
  await writeFixtureModel(folder, { ...SHAPE, name: 'huge' });
  await truncate(join(folder, 'huge/generator.onnx'), LARGEST_ASSET + 1);
  await expect(findModels(folder)).rejects.toThrow(/huge\/generator\.onnx has 25\.0 MiB.*--precision fp16/);
});
