import { mkdir, mkdtemp, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
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

test('lists the models, newest export first whatever the files say, and no unfinished export', async () => {
  await writeFixtureModel(folder, { ...SHAPE, name: 'newest', exported: '2026-02-01T00:00:00.000Z' });
  await writeFixtureModel(folder, { ...SHAPE, name: 'newer', exported: '2026-01-01T00:00:00.000Z' });
  for (const name of ['b', 'a', 'half-made']) await writeFixtureModel(folder, { ...SHAPE, name });
  for (const file of ['generator.onnx', 'model.json']) await utimes(join(folder, 'newest', file), 1e9, 1e9);
  await rename(join(folder, 'half-made'), join(folder, '.half-made-at-work'));
  await writeFile(join(folder, 'notes.txt'), '');
  const found = await findModels(folder);
  expect(found.map(({ entry }) => entry.name)).toEqual(['newest', 'newer', 'a', 'b']);
  expect(found[0]!.files).toContain('newest/timelapse/000300000.webp');
});

test('leaves out the demo page of an export and its scripts', async () => {
  await writeFixtureModel(folder, { ...SHAPE, name: 'shown' });
  const before = await findModels(folder);
  await mkdir(join(folder, 'shown/client'));
  for (const file of ['demo.html', 'client/elements.js']) await writeFile(join(folder, 'shown', file), '');
  expect(await findModels(folder)).toEqual(before);
});

test('a model.json that is not legal stops the build and is named', async () => {
  await writeFixtureModel(folder, { ...SHAPE, name: 'broken' });
  await writeFile(join(folder, 'broken/model.json'), '{}');
  await expect(findModels(folder)).rejects.toThrow(/broken\/model\.json: field "formatVersion" is missing/);
});

test('there may be no models, or no folder of them', async () => {
  expect(await findModels(folder)).toEqual([]);
  expect(await findModels(join(folder, 'missing'))).toEqual([]);
});

test('a file that static hosts refuse stops the build and says what to do', async () => {
  await writeFixtureModel(folder, { ...SHAPE, name: 'huge' });
  await truncate(join(folder, 'huge/generator.onnx'), LARGEST_ASSET + 1);
  await expect(findModels(folder)).rejects.toThrow(/huge\/generator\.onnx: 25\.0 MiB.*--precision fp16/);
});
