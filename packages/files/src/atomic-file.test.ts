import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

test('while one process rewrites a file, another always reads it whole', async () => {
  const file = join(folder, 'a.txt');
  const length = 1_000_000;
  await writeFile(file, 'x'.repeat(length));
  const module = JSON.stringify(new URL('./atomic-file.ts', import.meta.url).href);
  const writer = `
    import { writeFileAtomically } from ${module};
    for (let i = 0; i < 30; i++) await writeFileAtomically(process.argv[1], 'xy'[i % 2].repeat(${length}));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', writer, file], { stdio: 'inherit' });
  const closed = once(child, 'close');
  while (child.exitCode === null) {
    const text = await readFile(file, 'utf8');
    expect(text.length).toBe(length);
    expect(new Set(text).size).toBe(1);
  }
  expect((await closed)[0]).toBe(0);
});
