import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@latent-dogs/latent';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readManifest, replaceFields, writeManifest } from './manifest-file.ts';
import { writeTinyModel } from './testing/tiny-model.ts';

let models: string;
let folder: string;
beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'models-'));
  folder = await writeTinyModel(models, 'tiny', '2026-03-01T10:00:00.000Z');
});
afterEach(() => rm(models, { recursive: true }));

const text = () => readFile(join(folder, 'model.json'), 'utf8');

test('what is written is read back, with lists of numbers on one line', async () => {
  const manifest = await readManifest(folder);
  await writeManifest(folder, manifest);
  expect(await readManifest(folder)).toEqual(manifest);
  expect(await text()).toContain('      "vector": [0.6, 0.8, 0],\n');
  expect(await text()).toContain('\n  "latentSize": 3,\n');
  expect((await readdir(folder)).sort()).toEqual(['generator.onnx', 'model.json']);
});

test('a byte order mark, which some editors write, is no fault', async () => {
  const before = await readManifest(folder);
  await writeFile(join(folder, 'model.json'), `\uFEFF${await text()}`);
  expect(await readManifest(folder)).toEqual(before);
});

test('new metrics change nothing else, not even fields of later versions', async () => {
  await writeFile(join(folder, 'model.json'), JSON.stringify({ ...JSON.parse(await text()), later: [1, 2] }));
  const before = JSON.parse(await text()) as object;
  await replaceFields(folder, { metrics: { swd: { mean: 0.25 } } });
  expect(JSON.parse(await text())).toEqual({ ...before, metrics: { swd: { mean: 0.25 } } });
});

test.each([
  ['too few', [1, 2]],
  ['twice the same', [1, 2, 2]],
  ['no seed', [1, 2, 4_294_967_296]],
  ['no whole number', [1, 2, 2.5]],
])('an opening is stored; one with %s is refused', async (_, illegal) => {
  await replaceFields(folder, { opening: [7, 1, 4_294_967_295] });
  const before = await text();
  expect((await readManifest(folder)).opening).toEqual([7, 1, 4_294_967_295]);
  await expect(replaceFields(folder, { opening: illegal })).rejects.toThrow(/field "opening/);
  expect(await text()).toBe(before);
});

test('illegal metrics are refused, and the file stays', async () => {
  const before = await text();
  await expect(replaceFields(folder, { metrics: { swd: Number.NaN } })).rejects.toThrow(UserError);
  expect(await text()).toBe(before);
});
