import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { partialName, removeAbandoned } from './partial-file.ts';

test('files of dead processes go; those of living ones, of other machines, and finished ones stay', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'partial-'));
  const child = spawn(process.execPath, ['--eval', '']);
  await once(child, 'close');
  const of = (host: string, pid: number | undefined) => `photos.${host}.${pid}.0.partial`;
  const own = basename(partialName(join(folder, 'photos')));
  const staying = [own, of('elsewhere', child.pid), `photos.${child.pid}`, 'photos'];
  for (const name of [...staying, of(hostname(), child.pid), `${of(hostname(), child.pid)}3`])
    await writeFile(join(folder, name), '');
  await removeAbandoned(folder);
  expect((await readdir(folder)).sort()).toEqual([...staying].sort());
  await rm(folder, { recursive: true });
});

test('no name is given twice', () => {
  expect(partialName('photos')).not.toBe(partialName('photos'));
});
