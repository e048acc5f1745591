import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { GALLERY } from './places.ts';
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('pnpm serve sends ONNX Runtime as the build compressed it, to a browser that names gzip first', {
  timeout: 180_000,
}, async () => {
  const port = await freePort();
  const server = run('serve/cli.ts', '--model', tiny, '--port', String(port));
  onTestFinished(async () => {
    const exit = once(server, 'exit');
    server.kill('SIGTERM');
    await exit;
  });
  server.stdout.resume();
  server.stderr.resume();
  const isReady = () =>
    fetch(`http://localhost:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(isReady, { timeout: 150_000 }).toBe(true);
  const name = (await readdir(join(GALLERY, 'assets'))).find((file) => /^ort-wasm-simd-threaded-.*\.wasm$/.test(file))!;
  const headers = { 'Accept-Encoding': 'gzip, deflate, br, zstd' };
  const [answer] = await once(get(`http://localhost:${port}/assets/${name}`, { headers }), 'response');
  let bytes = 0;
  for await (const chunk of answer) bytes += (chunk as Buffer).length;
  expect(answer.headers['content-encoding']).toBe('br');
  expect(bytes).toBe((await stat(join(GALLERY, 'assets', `${name}.br`))).size);
});
