import { mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { limitCache } from './cache-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cache-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A set of 100 bytes, used on that day. */
async function set(name: string, day: number): Promise<void> {
  await writeFile(join(folder, `${name}.skipped.jsonl`), '');
  await writeFile(join(folder, `${name}.dogs`), '');
  await truncate(join(folder, `${name}.dogs`), 100);
  await utimes(join(folder, `${name}.dogs`), day, day);
}

test('what was not used for longest goes, with its list of skipped files; the set used last stays, however large', async () => {
  await set('old', 1);
  await set('new', 3);
  await set('middle', 2);
  await writeFile(join(folder, 'other'), '');
  const left = async () => (await readdir(folder)).filter((name) => name.endsWith('.dogs')).sort();
  await limitCache(folder, 300);
  expect(await left()).toEqual(['middle.dogs', 'new.dogs', 'old.dogs']);
  await limitCache(folder, 299);
  expect(await readdir(folder)).toEqual([
    'middle.dogs',
    'middle.skipped.jsonl',
    'new.dogs',
    'new.skipped.jsonl',
    'other',
  ]);
  await limitCache(folder, 1);
  expect(await left()).toEqual(['new.dogs']);
});
