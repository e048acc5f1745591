import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { inWorkFolder } from './work-folder.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'work-folder-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
});

test('a process has its own empty folder, removed afterwards, even if the work fails', async () => {
  mkdirSync(join(parent, String(process.pid), 'left'), { recursive: true });
  const result = await inWorkFolder(async (folder) => {
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, 'file'), '');
    return folder;
  }, parent);
  expect(existsSync(result)).toBe(false);
  await expect(inWorkFolder(() => Promise.reject(new Error('no')), parent)).rejects.toThrow('no');
  expect(readdirSync(parent)).toEqual([]);
});

test('folders of running processes stay, those of ended ones are removed', async () => {
  const running = String(process.ppid);
  for (const name of [running, '4194305', 'gallery']) {
    mkdirSync(join(parent, name));
    writeFileSync(join(parent, name, 'file'), '');
  }
  await inWorkFolder(async () => {}, parent);
  expect(readdirSync(parent)).toEqual([running]);
  expect(readdirSync(join(parent, running))).toEqual(['file']);
});
