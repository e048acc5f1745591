import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { takePidFile } from './pid-file.ts';

async function newFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pid-file-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'lock.pid');
}

test('a free lock is taken, and one of another process that runs is not', async () => {
  const file = await newFile();
  expect(await takePidFile(file)).toBe(null);
  expect(await readFile(file, 'utf8')).toBe(`${process.pid}\n`);
  await writeFile(file, `${process.ppid}\n`);
  expect(await takePidFile(file)).toBe(process.ppid);
  expect(await readFile(file, 'utf8')).toBe(`${process.ppid}\n`);
});

test.each(['4194304\n', '', 'nonsense', `${process.pid}\n`])(
  'the lock %j of no other process is taken over',
  async (text) => {
    const file = await newFile();
    await writeFile(file, text);
    expect(await takePidFile(file)).toBe(null);
    expect(await readFile(file, 'utf8')).toBe(`${process.pid}\n`);
  },
);
