import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { afterAll, expect, test } from 'vitest';
import { serveGallery } from './gallery.ts';

const folder = mkdtempSync(join(tmpdir(), 'gallery-'));
const outside = mkdtempSync(join(tmpdir(), 'outside-'));
afterAll(() => {
  for (const made of [folder, outside]) rmSync(made, { recursive: true });
});

function write(name: string, contents: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), contents);
}
const PAGE = '<!doctype html>'.repeat(200);
const SHA256 = 'ab12cd34'.repeat(8);
write('index.html', PAGE);
write('index.html.br', brotliCompressSync(PAGE));
write('index.html.gz', gzipSync(PAGE));
for (const name of ['a.mjs', 'a.wasm', 'a.js', 'a.webmanifest', 'a.unknown', 'a b.txt', 'é.txt']) write(name, 'x');
write('models/dog/model.json', JSON.stringify({ generator: { file: 'generator.onnx', sha256: SHA256 } }));
write('models/dog/generator.onnx', 'weights');
write('models/dog/samples.png', 'x');
write('.secret', 'x');
write('.git/config', 'x');
writeFileSync(join(outside, 'secret.txt'), 'x');
symlinkSync(join(outside, 'secret.txt'), join(folder, 'link.txt'));
symlinkSync(outside, join(folder, 'links'));

const app = new Hono().use(serveGallery(folder)!);
const get = async (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });

test.each([
  ['br', 'br'],
  ['gzip', 'gzip'],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, br;q=0.5', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['zstd', null],
  ['identity', null],
  ['br;q=0, gzip;q=0', null],
  ['*', 'br'],
  ['', null],
])('Accept-Encoding: %s gets %s', async (accepted, coding) => {
  const response = await get('/', { 'Accept-Encoding': accepted });
  expect(response.headers.get('Content-Encoding')).toBe(coding);
  expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('Vary')).toBe('Accept-Encoding');
  const expected = { br: brotliCompressSync(PAGE), gzip: gzipSync(PAGE) }[coding ?? ''] ?? Buffer.from(PAGE);
  expect(response.headers.get('Content-Length')).toBe(String(expected.length));
  expect(Buffer.from(await response.arrayBuffer()).equals(expected)).toBe(true);
});

test('without Accept-Encoding, files come as they are; so do files without a copy', async () => {
  expect((await get('/index.html')).headers.get('Content-Encoding')).toBeNull();
  const plain = await get('/a.js', { 'Accept-Encoding': 'br' });
  expect([plain.headers.get('Content-Encoding'), plain.headers.get('Vary')]).toEqual([null, null]);
});

test('what the client has is answered 304, for each coding by its own tag', async () => {
  const tags = new Set<string>();
  for (const accepted of ['br', 'gzip', 'identity']) {
    const first = await get('/', { 'Accept-Encoding': accepted });
    const tag = first.headers.get('ETag')!;
    tags.add(tag);
    const again = await get('/', { 'Accept-Encoding': accepted, 'If-None-Match': tag });
    expect([again.status, await again.text(), again.headers.get('ETag')]).toEqual([304, '', tag]);
    expect(again.headers.get('Vary')).toBe('Accept-Encoding');
    const since = { 'Accept-Encoding': accepted, 'If-Modified-Since': first.headers.get('Last-Modified')! };
    expect((await get('/', since)).status).toBe(304);
    // If-None-Match counts more than If-Modified-Since.
    expect((await get('/', { ...since, 'If-None-Match': '"other"' })).status).toBe(200);
  }
  expect(tags.size).toBe(3);
  expect((await get('/', { 'If-Modified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT' })).status).toBe(200);
  expect((await get('/', { 'If-Modified-Since': 'nonsense' })).status).toBe(200);
});

test('a changed file has another tag', async () => {
  write('changing.js', 'one');
  const before = (await get('/changing.js')).headers.get('ETag');
  write('changing.js', 'another');
  expect((await get('/changing.js')).headers.get('ETag')).not.toBe(before);
});

test.each([
  ['/a.mjs', 'text/javascript; charset=utf-8'],
  ['/a.wasm', 'application/wasm'],
  ['/a.webmanifest', 'application/manifest+json'],
  ['/a.unknown', 'application/octet-stream'],
  ['/a%20b.txt', 'text/plain; charset=utf-8'],
  ['/%C3%A9.txt', 'text/plain; charset=utf-8'],
])('%s is %s', async (path, mediaType) => {
  const response = await get(path);
  expect([response.status, response.headers.get('Content-Type')]).toEqual([200, mediaType]);
});

test.each([
  [`?v=${SHA256.slice(0, 16)}`, true],
  [`?v=${SHA256}`, true],
  ['?v=ab12cd3', false],
  ['?v=ffffffffffffffff', false],
  ['', false],
])('generator.onnx%s never changes: %s', async (query, pinned) => {
  const caching = (await get(`/models/dog/generator.onnx${query}`)).headers.get('Cache-Control');
  expect(caching).toBe(pinned ? 'public, max-age=31536000, immutable' : 'public, no-cache');
  const other = await get(`/models/dog/samples.png${query}`);
  expect(other.headers.get('Cache-Control')).toBe('public, no-cache');
});

test('a range is answered with the whole file, as on Cloudflare', async () => {
  for (const range of ['bytes=0-3', 'bytes=999999-', 'nonsense']) {
    const response = await get('/a.js', { Range: range });
    expect([response.status, response.headers.get('Content-Range'), await response.text()]).toEqual([200, null, 'x']);
  }
});

test('HEAD has the headers of GET', async () => {
  const head = await app.request('/', { method: 'HEAD', headers: { 'Accept-Encoding': 'br' } });
  const whole = await get('/', { 'Accept-Encoding': 'br' });
  expect([...head.headers]).toEqual([...whole.headers]);
  expect(await head.text()).toBe('');
});

test.each([
  '/.secret',
  '/.git/config',
  '/link.txt',
  '/links/secret.txt',
  '/index.html.br',
  '/models',
  '/models/',
  '/%00',
  '/%ZZ',
  '/a.js%00.png',
  '/..%2fpackage.json',
  '/models/..%5c..%5cpackage.json',
  '//index.html',
])('%s is not served', async (path) => {
  expect((await get(path)).status).toBe(404);
});
