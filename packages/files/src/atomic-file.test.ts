import { mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFileAtomically } from './atomic-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atomic-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a file appears, is replaced, and nothing else is left', async () => {
  const file = join(folder, 'a.json');
  await writeFileAtomically(file, 'old');
  await writeFileAtomically(file, Buffer.from('new'));
  expect(await readFile(file, 'utf8')).toBe('new');
  expect(await readdir(folder)).toEqual(['a.json']);
});

test('whoever has the old file open reads it to its end', async () => {
  const file = join(folder, 'a.txt');
  await writeFile(file, 'old contents');
  const reader = await open(file);
  await writeFileAtomically(file, 'new');
  expect(await reader.readFile('utf8')).toBe('old contents');
  await reader.close();
});

test.runIf(process.platform === 'linux')('on a full disk the old contents stay, and nothing else is left', async () => {
  const file = join(folder, 'a.json');
  await writeFile(file, 'old');
  // Whatever is written to the partial file goes to a disk that is always full.
  await symlink('/dev/full', `${file}.tmp-${process.pid}`);
  await expect(writeFileAtomically(file, 'new')).rejects.toMatchObject({ code: 'ENOSPC', path: file });
  expect(await readFile(file, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['a.json']);
});
