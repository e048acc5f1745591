import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isAlive } from './is-alive.ts';

test('a process is alive until it ends', async () => {
  const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  expect(isAlive(child.pid!)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(isAlive(child.pid!)).toBe(false);
  expect(isAlive(process.pid)).toBe(true);
});

// Signal 0 to process 0 or to a negative number goes to a whole group, which exists.
test.each([0, -1, 1.5, Number.NaN])('%f is no process', (pid) => {
  expect(isAlive(pid)).toBe(false);
});
