import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@latent-dogs/latent';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockRun } from './run-lock.ts';

let run: string;
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(() => rm(run, { recursive: true }));

test('a run that another process is training is refused, until that process is killed', { tags: 'slow' }, async () => {
  const holder = `
    import { writeSync } from 'node:fs';
    import { lockRun } from ${JSON.stringify(new URL('./run-lock.ts', import.meta.url).href)};
    await lockRun(process.argv[1]);
    writeSync(1, 'held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', holder, run], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await expect(lockRun(run)).rejects.toThrow(UserError);
  await expect(lockRun(run)).rejects.toThrow(`process ${child.pid}`);
  child.kill('SIGKILL');
  await once(child, 'close');
  const release = await lockRun(run);
  await release();
  expect(await readdir(run)).toEqual([]);
});

test.each(['', 'not a number', '-1', String(process.pid)])('a lock file with %j is ignored', async (text) => {
  await writeFile(join(run, 'training.pid'), text);
  const release = await lockRun(run);
  expect(await readdir(run)).toEqual(['training.pid']);
  await release();
});
