import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@latent-dogs/latent';
import { ExportedModel } from '@latent-dogs/models';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
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

const start = (options = {}) =>
  startServer({ models: [model], gallery: folder, port: 0, host: '127.0.0.1', ...options });
const server = await start();
afterAll(() => server.close());
afterEach(() => vi.restoreAllMocks());

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

test('a picture that was made before is not made again, whatever the order of the parameters', async () => {
  const run = vi.spyOn(ExportedModel.prototype, 'run');
  const first = await fetch(`${server.url}/generate?seed=90001&size=80`);
  const bytes = Buffer.from(await first.arrayBuffer());
  const second = await fetch(`${server.url}/generate?size=80&seed=90001`);
  expect(second.headers.get('Server-Timing')).toBe('cache;desc=hit');
  expect(Buffer.from(await second.arrayBuffer()).equals(bytes)).toBe(true);
  expect(second.headers.get('Content-Type')).toBe('image/png');
  expect(run).toHaveBeenCalledTimes(1);
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
  ['an unknown method', 'FOO / HTTP/1.1\r\nHost: localhost\r\n\r\n', 405],
  ['CONNECT', 'CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n', 405],
  ['a request without Host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  [
    'a request with two hosts',
    'GET /healthz HTTP/1.1\r\nHost: localhost\r\nhost: other\r\nConnection: close\r\n\r\n',
    400,
  ],
  ['a header of 100 kB', `GET / HTTP/1.1\r\nHost: localhost\r\nCookie: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
  ['3,000 headers', `GET / HTTP/1.1\r\nHost: localhost\r\n${'a: b\r\n'.repeat(30_000)}\r\n`, 431],
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

const HOSTS = [
  '1.2.3.4.5',
  '256.256.256.256',
  '1.2.3.999',
  '0x100000000',
  '4294967296',
  'a.0x',
  '[::1',
  '%',
  'a:99999',
];

test.each(HOSTS)('Host: %s is refused everywhere, and not logged', async (host) => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  for (const target of ['/generate?seed=1', '/interpolate?from=1&to=2', '/grid', '/', '/healthz', '/nothing']) {
    for (const line of [`${target} HTTP/1.1\r\nHost: ${host}`, `http://${host}${target} HTTP/1.1\r\nHost: localhost`]) {
      expect(await sendRaw(server.url, `GET ${line}\r\nConnection: close\r\n\r\n`).answer).toMatch(/^HTTP\/1.1 400 /);
    }
  }
  expect(log).not.toHaveBeenCalled();
});

test.each([
  '*',
  '//',
  '/\\',
  'generate',
  '/%',
  '/%00',
  '/a b',
  '/\x7f',
  '/generate?seed=<',
  'http://',
  'http:///x',
  '/../..',
])('no target gives a 5xx: %s', async (target) => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  for (const method of ['GET', 'OPTIONS', 'TRACE', 'HEAD']) {
    const answer = await sendRaw(
      server.url,
      `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    ).answer;
    expect(answer).toMatch(/^HTTP\/1.1 [234]/);
  }
  expect(log).not.toHaveBeenCalled();
});

test('an unknown expectation is ignored', async () => {
  const request = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nExpect: foo\r\nConnection: close\r\n\r\n';
  expect(await sendRaw(server.url, request).answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});

test('a health check in HTTP/1.0 without Host is answered', async () => {
  const answer = await sendRaw(server.url, 'GET /healthz HTTP/1.0\r\n\r\n').answer;
  expect(answer).toMatch(/^HTTP\/1.1 200 OK[\s\S]*"status":"ok"/);
});

const halfClosed = (path: string) => {
  const { socket, answer } = sendRaw(server.url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  socket.end();
  return answer;
};

test('a client that has closed its side of the connection gets its answer', async () => {
  for (const path of ['/healthz', '/generate?seed=90100', '/grid?seeds=90101-90104', '/index.html']) {
    expect(await halfClosed(path), path).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  }
  // Expensive pictures are not made, because a client that leaves does just that.
  const run = vi.spyOn(ExportedModel.prototype, 'run');
  expect(await halfClosed('/interpolate?from=90105&to=2&frames=64')).toMatch(/^HTTP\/1\.1 400 [\s\S]*must stay open/);
  expect(run.mock.calls.length).toBeLessThanOrEqual(4);
});

test('each request is logged as a line of JSON, whatever it contains', async () => {
  const lines: string[] = [];
  const logging = await start({ log: (line: string) => lines.push(line), trustProxy: true });
  const headers = { 'User-Agent': 'a "b"', 'X-Forwarded-For': '1.2.3.4, 203.0.113.9', Connection: 'close' };
  await (await fetch(`${logging.url}/generate?seed=1&size=0`, { headers })).text();
  await (await fetch(`${logging.url}/healthz?${'x'.repeat(5000)}`, { headers })).text();
  await logging.close();
  const entries = lines.map((line) => JSON.parse(line));
  expect(entries[0]).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    client: '203.0.113.9',
    method: 'GET',
    target: '/generate?seed=1&size=0',
    status: 400,
    complete: true,
    milliseconds: expect.any(Number),
    agent: 'a "b"',
  });
  expect(entries[1].target).toHaveLength(1000);
  expect(lines.join('').split('\n')).toHaveLength(3);
});

test('/metrics counts requests by path, without labels that clients choose; it exists only if wanted', async () => {
  expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
  const measured = await start({ metrics: true });
  for (const path of ['/generate?seed=1', '/generate?seed=2', '/generate?seed=', '/nothing/7', '/nothing/8']) {
    await (await fetch(measured.url + path)).arrayBuffer();
  }
  const text = await vi.waitFor(async () => {
    const answer = await fetch(`${measured.url}/metrics`);
    expect(answer.headers.get('Content-Type')).toMatch(/^text\/plain; version=/);
    const text = await answer.text();
    expect(text).toContain('http_request_duration_seconds_count{method="GET",path="other",status="404"} 2\n');
    return text;
  });
  expect(text).toContain('http_request_duration_seconds_count{method="GET",path="/generate",status="200"} 2\n');
  expect(text).toContain('http_request_duration_seconds_count{method="GET",path="/generate",status="400"} 1\n');
  expect(text).toMatch(/^latent_dogs_work_units 0$/m);
  expect(text).toMatch(/^process_resident_memory_bytes \d/m);
  expect(text).not.toContain('nothing');
  expect((await fetch(`${measured.url}/metrics`, { method: 'POST' })).status).toBe(405);
  expect((await fetch(`${measured.url}/metrics`, { method: 'HEAD' })).status).toBe(200);
  await measured.close();
});

test('while it drains, a server still answers, but is not ready', async () => {
  const draining = await start({ drain: 300 });
  expect((await fetch(`${draining.url}/readyz`)).status).toBe(200);
  const closed = draining.close();
  expect((await fetch(`${draining.url}/readyz`, { headers: { Connection: 'close' } })).status).toBe(503);
  expect((await fetch(`${draining.url}/healthz`, { headers: { Connection: 'close' } })).status).toBe(200);
  await closed;
  await expect(fetch(`${draining.url}/healthz`)).rejects.toThrow('fetch failed');
});

/** Lets no run of the generator finish until `open` is called. */
function holdGenerator() {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const original = ExportedModel.prototype.run;
  const run = vi.spyOn(ExportedModel.prototype, 'run').mockImplementation(async function (this: ExportedModel, z) {
    await gate;
    return original.call(this, z);
  });
  return { run, open };
}

const pipelined = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

test('pipelined requests are answered in order, one at a time: another client is not kept waiting', async () => {
  const run = vi.spyOn(ExportedModel.prototype, 'run');
  const requests = Array.from({ length: 500 }, (_, seed) => pipelined(`/generate?seed=${seed}&format=json`));
  const { socket, answer } = sendRaw(server.url, `${requests.join('')}hello\r\n\r\n`);
  await once(socket, 'data');
  await (await fetch(`${server.url}/generate?seed=1`)).arrayBuffer();
  expect(run.mock.calls.length).toBeLessThan(400);
  const text = await answer;
  expect(Array.from(text.matchAll(/"seed":(\d+),/g), ([, seed]) => Number(seed))).toEqual([...requests.keys()]);
  // The answer to what is no request comes last.
  expect(text.lastIndexOf('HTTP/1.1 400')).toBe(text.lastIndexOf('HTTP/1.1'));
});

test.each(['destroy', 'resetAndDestroy'] as const)('work stops when its client leaves: %s', async (leave) => {
  const { run, open } = holdGenerator();
  const { socket } = sendRaw(server.url, pipelined('/interpolate?from=1&to=2&frames=64'));
  await vi.waitFor(() => expect(run).toHaveBeenCalled());
  socket[leave]();
  // The server reads what arrived before what arrives later.
  for (let trip = 0; trip < 3; trip++) await (await fetch(`${server.url}/healthz`)).text();
  open();
  await (await fetch(`${server.url}/generate?seed=1`)).arrayBuffer();
  // Those that ran at once, and the last request's.
  expect(run.mock.calls.length).toBeLessThanOrEqual(5);
});

test('an overfull server refuses expensive pictures with 503, and answers the rest', async () => {
  const { open } = holdGenerator();
  const busy = await start({ metrics: true });
  // Asks without spending any of the units.
  const untilUnits = async (units: number) => {
    for (let text = ''; !text.includes(`\nlatent_dogs_work_units ${units}\n`); ) {
      text = await (await fetch(`${busy.url}/metrics`)).text();
    }
  };
  const path = `${busy.url}/interpolate?from=1&to=2&frames=64&size=256`;
  const leaving = new AbortController();
  const running = Array.from({ length: 13 }, (_, seed) =>
    fetch(`${path}&truncation=0.${seed}`, { signal: leaving.signal }).catch((error: Error) => error.name),
  );
  // Of 1,000.
  await untilUnits(13 * 76);
  const refused = await fetch(path);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('Retry-After')).toBe('5');
  expect(await refused.json()).toMatchObject({ type: '/docs#overloaded' });
  expect((await fetch(`${busy.url}/healthz`)).status).toBe(200);
  const small = fetch(`${busy.url}/generate?seed=1`);
  open();
  expect((await small).status).toBe(200);
  leaving.abort();
  expect(await Promise.all(running)).toEqual(Array(13).fill('AbortError'));
  // What they held is free again.
  await untilUnits(0);
  expect((await fetch(path)).status).toBe(200);
  await busy.close();
});

test('after SIGTERM a kept connection gets its answer, and is told that it was the last', async () => {
  const { run, open } = holdGenerator();
  const closing = await start();
  const { answer } = sendRaw(closing.url, pipelined('/generate?seed=1'));
  await vi.waitFor(() => expect(run).toHaveBeenCalled());
  const closed = closing.close();
  open();
  // The connection ends although the client keeps it open.
  expect((await answer).toLowerCase()).toMatch(/^http\/1.1 200 ok[\s\S]*\nconnection: close/);
  await closed;
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

test('close does not wait long for a request that is not complete', async () => {
  const closing = await start();
  const { socket, answer } = sendRaw(closing.url, 'GET /generate?seed=1 HTTP/1.1\r\nHost:');
  await once(socket, 'connect');
  await (await fetch(`${closing.url}/healthz`)).text();
  // Far more patience than a test has.
  await closing.close(3_600_000);
  expect(await answer).toBe('');
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
