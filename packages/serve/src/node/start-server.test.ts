import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@latent-dogs/latent';
import { afterAll, expect, test } from 'vitest';
import { SECURITY_HEADERS } from '../http/security-headers.ts';
import { decode, largestDifference } from '../testing/pixels.ts';
import { sendRaw, startRequest } from '../testing/raw-http.ts';
import { TINY_PAGE, writeTinyGallery } from '../testing/tiny-gallery.ts';
import { tinyDog, tinyModelFolder } from '../testing/tiny-server.ts';
import { startServer } from './start-server.ts';

const model = tinyModelFolder();
const folder = mkdtempSync(join(tmpdir(), 'tiny-gallery-'));
writeTinyGallery(folder);
afterAll(() => rmSync(folder, { recursive: true }));

const start = (options = {}) => startServer({ model, gallery: folder, port: 0, host: '127.0.0.1', ...options });
const server = await start();
afterAll(() => server.close());

test('16 concurrent clients each get the requested dog', async () => {
  const seeds = Array.from({ length: 160 }, (_, index) => index * 7919);
  const queue = seeds.values();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const seed of queue) {
        const response = await fetch(`${server.url}/generate?seed=${seed}`);
        expect(response.status).toBe(200);
        expect(largestDifference((await decode(response)).data, tinyDog(seed))).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('the same URL gives the same bytes', async () => {
  const [a, b] = await Promise.all(
    [1, 2].map(async () => Buffer.from(await (await fetch(`${server.url}/generate?seed=9`)).arrayBuffer())),
  );
  expect(a!.equals(b!)).toBe(true);
});

test('the model file has the announced length', async () => {
  const response = await fetch(`${server.url}/model/generator.onnx`);
  const bytes = await response.arrayBuffer();
  expect(response.headers.get('Content-Length')).toBe(String(bytes.byteLength));
});

test.each([
  ['/', 'text/html; charset=utf-8', 'public, no-cache'],
  ['/index.html', 'text/html; charset=utf-8', 'public, no-cache'],
  ['/sw.js', 'text/javascript; charset=utf-8', 'public, no-cache'],
  ['/assets/page-a1b2.wasm', 'application/wasm', 'public, max-age=31536000, immutable'],
])("the gallery's %s is served with isolation and cache headers", async (path, mediaType, caching) => {
  const response = await fetch(server.url + path);
  expect(response.headers.get('Content-Type')).toBe(mediaType);
  expect(response.headers.get('Cache-Control')).toBe(caching);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(response.headers.get(name)).toBe(value);
  const body = await response.text();
  if (mediaType.startsWith('text/html')) expect(body).toBe(TINY_PAGE);
});

test('nothing outside the gallery is served', async () => {
  for (const path of ['/../package.json', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc%2fpasswd', '/assets/']) {
    const { answer } = sendRaw(server.url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(await answer).toMatch(/^HTTP\/1.1 404 [\s\S]*application\/problem\+json/);
  }
});

test('if the gallery has not been built, / redirects to the documentation', async () => {
  const bare = await start({ gallery: join(folder, 'nowhere') });
  expect(bare.hasGallery).toBe(false);
  const response = await fetch(`${bare.url}/`, { redirect: 'manual' });
  expect([response.status, response.headers.get('Location')]).toEqual([302, '/docs']);
  await bare.close();
});

test.each([
  ['text that is not HTTP', 'hello\r\n\r\n', 400],
  ['a header without a name', 'GET / HTTP/1.1\r\n: x\r\n\r\n', 400],
  ['an invalid host', 'GET /generate?seed=1 HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
  ['a URL of 100 kB', `GET /generate?seed=${'x'.repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 414],
  [
    'a URL of 20 kB',
    `GET /generate?seed=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    414,
  ],
])('%s is answered with a problem document', async (_, text, status) => {
  const answer = await sendRaw(server.url, text).answer;
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  const [head, body] = answer.split('\r\n\r\n');
  expect(head!.toLowerCase()).toContain('content-type: application/problem+json');
  expect(JSON.parse(body!.slice(body!.indexOf('{'), body!.lastIndexOf('}') + 1))).toMatchObject({ status });
});

test('close finishes running requests, accepts no new ones, and does not wait for idle connections', async () => {
  const closing = await start();
  // This connection stays open after its answer.
  const idle = sendRaw(closing.url, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await new Promise((resolve) => idle.socket.once('data', resolve));
  const sheet = await startRequest(closing.url, '/grid?seeds=0-63&size=128');
  const closed = closing.close();
  await expect(fetch(`${closing.url}/healthz`)).rejects.toThrow('fetch failed');
  expect(await sheet.bodyLength).toBeGreaterThan(10_000);
  await closed;
  await idle.answer;
});

test('close aborts a request that is never completed', async () => {
  const closing = await start();
  const { socket, answer } = sendRaw(closing.url, 'GET /generate?seed=1 HTTP/1.1\r\nHost:');
  await once(socket, 'connect');
  // Connections are accepted in order: once this one has its answer, the server has the other one too.
  await (await fetch(`${closing.url}/healthz`)).text();
  await closing.close(50);
  expect(await answer).toBe('');
});

test('a port in use is reported', async () => {
  const { port } = new URL(server.url);
  const error = await start({ port: Number(port) }).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toContain(`port ${port}: the port is in use`);
});
