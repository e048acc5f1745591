import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startRequest } from './testing/raw-http.ts';
import { tinyModelFolder } from './testing/tiny-server.ts';

const run = (file: string, ...args: string[]) =>
  spawn(process.execPath, [join(import.meta.dirname, file), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

async function ended(command: ChildProcess) {
  const [output, errors, [code]] = await Promise.all([
    text(command.stdout!),
    text(command.stderr!),
    once(command, 'exit') as Promise<[number | null]>,
  ]);
  return { output, errors, code };
}

const tiny = tinyModelFolder();
const twice = ['--model', tiny, '--model', tiny];

test.each([
  ['node/cli.ts', ['--port', '65536'], "error: --port: '65536' is not a whole number from 0 to 65535\n"],
  ['node/cli.ts', ['--model', '/nowhere'], "error: '/nowhere' holds no model"],
  ['node/cli.ts', ['--prot', '1'], "error: unknown option '--prot'"],
  ['serve/cli.ts', ['--port', '0'], "error: --port: '0' is not a whole number from 1 to 65535\n"],
  ['serve/cli.ts', ['--model', '/nowhere'], "error: '/nowhere' holds no model"],
  ['node/cli.ts', twice, "error: --model: two models have the name 'tiny'"],
  ['serve/cli.ts', twice, "error: --model: two models have the name 'tiny'"],
  ['deploy/cli.ts', ['--dryrun'], "error: unknown option '--dryrun'"],
  ['deploy/cli.ts', ['--model', '/nowhere'], "error: '/nowhere' holds no model"],
])('%s %j prints an error without a stack trace', async (file, args, message) => {
  const { errors, code } = await ended(run(file, ...args));
  expect(code).toBe(1);
  expect(errors).toContain(message);
  expect(errors).not.toMatch(/^\s+at /m);
});

test.each(['node/cli.ts', 'serve/cli.ts', 'deploy/cli.ts'])('%s --help shows options and examples', async (file) => {
  const { output, code } = await ended(run(file, '--help'));
  expect(code).toBe(0);
  expect(output).toMatch(/Options:[\s\S]*--model[\s\S]*Examples:/);
});

test('on SIGTERM the Node server finishes the current request and exits with code 0', async () => {
  const server = run('node/cli.ts', '--model', tiny, '--model', tinyModelFolder('other'), '--port', '0');
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  expect(String(line)).toContain(' serves tiny, other');
  const [url] = /http:\S+/.exec(String(line))!;
  const sheet = await startRequest(url, '/grid?seeds=0-63&size=128');
  const exit = once(server, 'exit');
  server.kill('SIGTERM');
  expect(await sheet.bodyLength).toBeGreaterThan(10_000);
  expect(await exit).toEqual([0, null]);
});
