/** What only a process of its own shows: a kill while decoding, and how much memory is taken. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { maxResidentMegabytes } from './max-resident.fixture.ts';
import { temporaryFolder } from './photos.fixture.ts';
import { openPhotos } from './photos.ts';

vi.setConfig({ testTimeout: 120_000 });

let root: string;
beforeEach(() => {
  root = temporaryFolder();
});
afterEach(() => rm(root, { recursive: true }));

async function folderOf(count: number, side: number): Promise<string> {
  const folder = join(root, String(count));
  await mkdir(folder);
  const photo = await sharp({ create: { width: side, height: side, channels: 3, background: '#a86' } })
    .jpeg()
    .toBuffer();
  await Promise.all(Array.from({ length: count }, (_, i) => writeFile(join(folder, `${i}.jpg`), photo)));
  return folder;
}

const OPEN = `import { openPhotos } from '${import.meta.dirname}/photos.ts';\n`;

test('a process killed while decoding leaves no half dataset, and the next one clears up after it', async () => {
  const path = await folderOf(400, 600);
  const cacheDir = join(root, 'cache');
  const options = { path, size: 64, photoSize: null, crop: 'center', cacheDir } as const;
  const script = `${OPEN}await openPhotos({ ...${JSON.stringify(options)}, onProgress: ({ done }) => done === 40 && console.log('now') });`;
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', script]);
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');

  const left = await readdir(cacheDir);
  expect(left.length, 'it was killed in the middle').toBeGreaterThan(0);
  expect(left.filter((name) => !name.endsWith('.partial'))).toEqual([]);

  let decoded = 0;
  const dataset = await openPhotos({ ...options, onProgress: ({ done }) => (decoded = done) });
  await dataset.close();
  expect(dataset.count).toBe(400);
  expect(decoded).toBe(400);
  expect((await readdir(cacheDir)).filter((name) => name.endsWith('.partial'))).toEqual([]);
});

test('eight times as many photos take no more memory to list, decode and read', async () => {
  const peak = (path: string) =>
    maxResidentMegabytes(`${OPEN}
      const dataset = await openPhotos({ path: '${path}', size: 128, photoSize: null, crop: 'center', cacheDir: '${join(root, 'cache')}' });
      const batch = new Uint8Array(64 * 3 * 128 * 128);
      for (let i = 0; i < dataset.count; i += 64) {
        await dataset.read(Array.from({ length: 64 }, (_, k) => (i + k) % dataset.count), batch);
      }
      await dataset.close();
    `);
  const few = await peak(await folderOf(400, 32));
  const many = await peak(await folderOf(3200, 32));
  // 2,800 decoded photos of 128x128 more are 131 MB. Each core's allocator may keep some freed memory.
  expect(many - few).toBeLessThan(40 + 5 * availableParallelism());
});
