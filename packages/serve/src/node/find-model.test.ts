import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { tinyModelFolder } from '../testing/tiny-server.ts';
import { newestModel, readModelFolder } from './find-model.ts';

const tiny = tinyModelFolder();
const models = mkdtempSync(join(tmpdir(), 'models-'));
afterAll(() => rmSync(models, { recursive: true }));

/** @param written seconds since 1970 */
function addModel(name: string, written: number): string {
  const folder = join(models, name);
  cpSync(tiny, folder, { recursive: true });
  utimesSync(join(folder, 'model.json'), written, written);
  return folder;
}

test('the newest model is the one whose model.json was written last', async () => {
  await expect(newestModel(models)).rejects.toThrow(/no model in .*pnpm train, then pnpm export/);
  await expect(newestModel(join(models, 'nowhere'))).rejects.toThrow('no model in');
  addModel('a', 2000);
  const newest = addModel('b', 3000);
  addModel('c', 1000);
  addModel('.exported-now', 4000);
  mkdirSync(join(models, 'not-a-model'));
  expect(await newestModel(models)).toBe(newest);
});

test('a whole folder is read', async () => {
  const { file, manifest } = await readModelFolder(tiny);
  expect(readFileSync(file)).toHaveLength(manifest.generator.bytes);
});

test.each([
  [
    'there is no model.json',
    (folder: string) => rmSync(join(folder, 'model.json')),
    /is not a model folder: there is no model.json/,
  ],
  ['model.json is cut off', (folder: string) => writeFileSync(join(folder, 'model.json'), '{'), /is not JSON/],
  [
    'model.json lacks a field',
    (folder: string) => writeFileSync(join(folder, 'model.json'), '{}'),
    /field "formatVersion" is missing/,
  ],
  [
    'the ONNX file is missing',
    (folder: string) => rmSync(join(folder, 'generator.onnx')),
    /generator.onnx cannot be read/,
  ],
  [
    'the ONNX file is another',
    (folder: string) => writeFileSync(join(folder, 'generator.onnx'), 'x'),
    /SHA-256 differs/,
  ],
])('where %s, it is told', async (_, damage, message) => {
  const folder = addModel('damaged', 0);
  damage(folder);
  await expect(readModelFolder(folder)).rejects.toThrow(message);
});
