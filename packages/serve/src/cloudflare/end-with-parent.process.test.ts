import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isAlive } from '@latent-dogs/files';
import { expect, test } from 'vitest';

const module = (name: string) => pathToFileURL(join(import.meta.dirname, name)).href;
const node = (script: string, environment = {}) =>
  spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
const firstLine = async (process: ChildProcess) => String((await once(process.stdout!, 'data'))[0]).trim();

test('a tool ends when its parent is killed', async () => {
  const parent = node(`
    import { spawn } from 'node:child_process';
    const tool = spawn(process.execPath, ['--import', '${module('end-with-parent.ts')}', '-e', 'setInterval(() => {}, 1e6)'],
      { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    console.log(tool.pid);`);
  const tool = Number(await firstLine(parent));
  expect(isAlive(tool)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(tool), { timeout: 60_000 }).toBe(false);
});

test('a tool that has done its work does not wait for its parent', async () => {
  const parent = node(`
    import { spawn } from 'node:child_process';
    spawn(process.execPath, ['--import', '${module('end-with-parent.ts')}', '-e', '0'],
      { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }).on('exit', (code) => { console.log('code', code); });`);
  expect(await firstLine(parent)).toBe('code 0');
});

test('a tool that closes the channel itself ends with its own exit code', async () => {
  const parent = node(`
    import { spawn } from 'node:child_process';
    const script = 'process.disconnect(); setTimeout(() => process.exit(3), 300)';
    spawn(process.execPath, ['--import', '${module('end-with-parent.ts')}', '-e', script],
      { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }).on('exit', (code) => { console.log('code', code); });`);
  expect(await firstLine(parent)).toBe('code 3');
});

test.skipIf(process.platform === 'win32')('a command stops when its package manager is killed', async () => {
  const command = `
    import { whenPackageManagerEnds } from '${module('../package-manager.ts')}';
    setInterval(() => {}, 1e6);
    whenPackageManagerEnds(() => process.exit(), { npm_execpath: 'the-package-manager' });
    console.log(process.pid);`;
  // As pnpm does it: a shell between the manager and the command.
  const manager = node(
    `/* the-package-manager */
    import { spawn } from 'node:child_process';
    spawn('sh', ['-c', '"$NODE" --input-type=module -e "$COMMAND"; exit'], { stdio: 'inherit' });`,
    { NODE: process.execPath, COMMAND: command },
  );
  const started = Number(await firstLine(manager));
  expect(isAlive(started)).toBe(true);
  manager.kill('SIGKILL');
  await expect.poll(() => isAlive(started), { timeout: 60_000 }).toBe(false);
});
