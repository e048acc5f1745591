import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SECURITY_HEADERS } from './http/security-headers.ts';
import { decode, largestDifference } from './testing/pixels.ts';
import { TINY_PAGE, WEIGHTS } from './testing/tiny-gallery.ts';
import { otherModel, tinyDog, tinyServer } from './testing/tiny-server.ts';
import { startTinyWorker } from './testing/tiny-worker.ts';

const { get, vectors } = await startTinyWorker();
const node = await tinyServer({ more: [await otherModel()] });

test('the seed -> z contract holds in workerd', async () => {
  const response = await vectors.fetch('http://localhost/');
  const { checked, differences } = (await response.json()) as { checked: number; differences: string[] };
  expect(checked).toBeGreaterThan(10);
  expect(differences).toEqual([]);
});

test.each([0, 42, 4294967295])('the dog of seed %i matches onnxruntime-node and the computed picture', async (seed) => {
  const here = await decode(await get(`/generate?seed=${seed}`));
  const there = await decode(await node.get(`/generate?seed=${seed}`));
  expect(largestDifference(here.data, there.data)).toBeLessThanOrEqual(1);
  expect(largestDifference(here.data, tinyDog(seed))).toBeLessThanOrEqual(1);
});

test.each([
  '/generate?seed=luna&size=200',
  '/generate/luna.png?size=200',
  '/generate?seed=luna&size=200&filter=nearest&truncation=0.5',
  '/interpolate?from=1&to=2&t=0.25',
  '/interpolate?from=1&to=2&frames=5&format=strip',
  '/mix?dogs=1,2,3&x=0.2&y=0.7&dials=1.5,warm-cool:-2',
  '/grid?seeds=0-8&size=96',
])('%s gives the same picture as on Node', async (path) => {
  const response = await get(path);
  expect(response.status).toBe(200);
  const here = await decode(response);
  const there = await decode(await node.get(path));
  expect([here.width, here.height]).toEqual([there.width, there.height]);
  expect(largestDifference(here.data, there.data)).toBeLessThanOrEqual(1);
});

test.each([
  ['/models', 'application/json'],
  ['/model', 'application/json'],
  ['/model?model=other', 'application/json'],
  ['/model/generator.onnx?model=other', 'application/octet-stream'],
  ['/model/generator.onnx', 'application/octet-stream'],
  ['/openapi.json', 'application/json'],
  ['/healthz', 'application/json'],
])('%s gives the same bytes as on Node', async (path, mediaType) => {
  const here = await get(path);
  const there = await node.get(path);
  expect(here.status).toBe(200);
  expect(here.headers.get('Content-Type')).toBe(mediaType);
  expect(Buffer.from(await here.arrayBuffer()).equals(Buffer.from(await there.arrayBuffer()))).toBe(true);
  expect(here.headers.get('ETag')).toBe(there.headers.get('ETag'));
});

test.each([
  ['/generate?seed=1&format=webp', 'image/webp'],
  ['/generate?seed=1&format=jpeg', 'image/jpeg'],
  ['/generate?seed=1&format=avif&size=200', 'image/avif'],
  ['/interpolate?from=1&to=2&frames=5&format=webp', 'image/webp'],
  ['/generate?seed=1&format=json', 'application/json'],
  ['/interpolate?from=1&to=2&frames=5', 'image/apng'],
  ['/grid?seeds=0-8&format=webp', 'image/webp'],
  ['/grid.json?seeds=0-8,luna', 'application/json'],
  ['/generate.zip?seeds=0-8,luna&format=webp', 'application/zip'],
])(
  '%s gives the same bytes as on Node, which other models need not, so that its tag names the runtime',
  async (path, mediaType) => {
    const here = await get(path);
    const there = await node.get(path);
    expect([here.status, here.headers.get('Content-Type')]).toEqual([200, mediaType]);
    expect(Buffer.from(await here.arrayBuffer()).equals(Buffer.from(await there.arrayBuffer()))).toBe(true);
    expect(here.headers.get('ETag')).not.toBe(there.headers.get('ETag'));
    for (const name of ['Cache-Control', 'Content-Location', 'Model-Name', 'Model-SHA256']) {
      expect(here.headers.get(name)).toBe(there.headers.get(name));
    }
  },
);

test('the model that is named answers, also from the cache', async () => {
  const { models } = (await (await get('/models')).json()) as { models: { name: string; sha256: string }[] };
  expect(models.map(({ name }) => name)).toEqual(['tiny', 'other']);
  for (const query of ['model=other', `model=${models[1]!.sha256.slice(0, 8)}`]) {
    const response = await get(`/generate?seed=42&${query}`);
    expect(response.headers.get('Model-Name')).toBe('other');
    expect(largestDifference((await decode(response)).data, tinyDog(42, 1, 'other'))).toBeLessThanOrEqual(1);
  }
});

test('a cached picture is answered with the caching of each URL', async () => {
  const plain = await get('/generate?seed=80');
  await plain.arrayBuffer();
  const pinned = await get(plain.headers.get('Content-Location')!);
  await pinned.arrayBuffer();
  expect(pinned.headers.get('Server-Timing')).toBe('cache;desc=hit');
  expect(plain.headers.get('Cache-Control')).toBe('public, max-age=300, must-revalidate');
  expect(pinned.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
  expect((await get('/generate?seed=80&model=00000000')).status).toBe(404);
});

test('generating a dog again gives the same pixels', async () => {
  const first = await decode(await get('/generate?seed=77'));
  const again = await decode(await get('/grid?seeds=77'));
  expect(largestDifference(first.data, again.data)).toBe(0);
});

test('the second request is answered from the cache, whatever the order of the parameters', async () => {
  const first = await get('/generate?seed=78&size=64');
  expect(first.headers.get('Server-Timing')).toContain('inference');
  const bytes = Buffer.from(await first.arrayBuffer());
  const second = await get('/generate?truncation=1.0&seed=78');
  expect(second.headers.get('Server-Timing')).toBe('cache;desc=hit');
  expect(Buffer.from(await second.arrayBuffer()).equals(bytes)).toBe(true);
  for (const name of ['ETag', 'Content-Type', 'Cache-Control', 'Content-Disposition', 'Access-Control-Allow-Origin']) {
    expect(second.headers.get(name)).toBe(first.headers.get(name));
  }
});

test('a request that names the current ETag gets 304', async () => {
  const { headers } = await get('/generate?seed=79', { method: 'HEAD' });
  const response = await get('/generate?seed=79', { headers: { 'If-None-Match': headers.get('ETag')! } });
  expect(response.status).toBe(304);
});

test('clients are limited by what their new pictures cost; cached pictures, pages and other networks are not', async () => {
  const from = (address: string) => ({ headers: { 'CF-Connecting-IP': address } });
  // 64 dogs cost 16 units, of 240 a minute. A new minute may begin meanwhile.
  const grid = (index: number) => `/grid?seeds=0-63&truncation=0.${index + 10}`;
  await (await get('/generate?seed=1000', from('203.0.113.1'))).arrayBuffer();
  let made = 0;
  let response: Response;
  do {
    // Addresses of one network.
    response = await get(grid(made), from(`2001:db8:0:1::${made + 1}`));
    if (response.status === 200) await response.arrayBuffer();
  } while (response.status === 200 && ++made < 60);
  expect(made).toBeGreaterThanOrEqual(15);
  expect(made).toBeLessThanOrEqual(30);
  expect(response.status).toBe(429);
  expect(response.headers.get('Retry-After')).toBe('60');
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({ status: 429, type: '/docs#too-many-requests' });

  const statusOf = async (path: string, address: string) => {
    const answer = await get(path, from(address));
    await answer.arrayBuffer();
    return answer.status;
  };
  expect(await statusOf('/generate?seed=1000', '2001:db8:0:1::ffff')).toBe(200);
  expect(await statusOf('/docs', '2001:db8:0:1::ffff')).toBe(200);
  expect(await statusOf(grid(made + 1), '2001:db8:0:2::1')).toBe(200);
});

test('work stops when its client leaves', async () => {
  const path = '/interpolate?from=1&to=2&frames=64&size=256';
  const leaving = new AbortController();
  const left = get(path, { signal: leaving.signal }).catch((error: Error) => error.name);
  // Answered between the steps of the animation.
  await (await get('/generate?seed=5000')).arrayBuffer();
  leaving.abort();
  expect(await left).toBe('AbortError');
  await (await get('/generate?seed=5001')).arrayBuffer();
  const again = await get(path);
  // A finished animation would be in the cache.
  expect(again.headers.get('Server-Timing')).toContain('inference');
  await again.arrayBuffer();
  expect((await get(path)).headers.get('Server-Timing')).toBe('cache;desc=hit');
});

test('local requests are not rate-limited', async () => {
  const statuses = new Set<number>();
  for (let seed = 4000; seed < 4130; seed++) {
    const response = await get(`/generate?seed=${seed}`, { headers: { 'CF-Connecting-IP': '127.0.0.1' } });
    statuses.add(response.status);
    await response.arrayBuffer();
  }
  expect([...statuses]).toEqual([200]);
});

test.each([
  ['/', 'text/html; charset=utf-8', 'public, max-age=0, must-revalidate'],
  ['/index.html', 'text/html; charset=utf-8', 'public, max-age=0, must-revalidate'],
  ['/sw.js', 'text/javascript; charset=utf-8', 'public, max-age=0, must-revalidate'],
  ['/assets/page-a1b2.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
  ['/assets/page-a1b2.wasm', 'application/wasm', 'public, max-age=31536000, immutable'],
])(
  "the gallery's %s is served without a redirect, with isolation and cache headers",
  async (path, mediaType, caching) => {
    const response = await get(path, { redirect: 'manual' });
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe(mediaType);
    expect(response.headers.get('Cache-Control')).toBe(caching);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(response.headers.get(name)).toBe(value);
    for (const name of ['Access-Control-Allow-Origin', 'Timing-Allow-Origin']) {
      expect(response.headers.get(name)).toBe('*');
    }
    const body = await response.text();
    if (mediaType.startsWith('text/html')) expect(body).toBe(TINY_PAGE);
  },
);

test.each(['/', '/index.html', '/sw.js'])("other methods on the gallery's %s are answered as on Node", async (path) => {
  const refused = await get(path, { method: 'POST' });
  expect([refused.status, refused.headers.get('Allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  expect(await refused.json()).toMatchObject({ type: '/docs#method-not-allowed' });
  const preflight = await get(path, {
    method: 'OPTIONS',
    headers: { Origin: 'http://a.example', 'Access-Control-Request-Method': 'GET' },
  });
  expect([preflight.status, preflight.headers.get('Access-Control-Allow-Origin')]).toEqual([204, '*']);
  const head = await get(path, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  const first = await get(path);
  await first.text();
  const again = await get(path, { headers: { 'If-None-Match': first.headers.get('ETag')! } });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test('a range of the gallery is answered with the whole file, as on Node', async () => {
  for (const range of ['bytes=0-3', 'bytes=999999-', 'nonsense']) {
    const response = await get('/index.html', { headers: { Range: range } });
    expect([response.status, await response.text()]).toEqual([200, TINY_PAGE]);
  }
});

test('large files come as the copies that the build compressed, to clients that accept them', async () => {
  const path = '/models/tiny/generator.onnx';
  const answers = [];
  for (const accepted of ['gzip, deflate, br', 'identity', 'br;q=0, gzip']) {
    const response = await get(path, { headers: { 'Accept-Encoding': accepted } });
    // The harness decodes answers and removes Content-Encoding; only copies have Vary.
    answers.push([response.status, response.headers.has('Vary'), await response.text()]);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(response.headers.get(name)).toBe(value);
  }
  expect(answers).toEqual([
    [200, true, WEIGHTS],
    [200, false, WEIGHTS],
    [200, false, WEIGHTS],
  ]);
  const first = await get(path, { headers: { 'Accept-Encoding': 'br' } });
  expect(first.headers.get('Content-Type')).toBe('application/octet-stream');
  await first.arrayBuffer();
  const conditions = { 'Accept-Encoding': 'br', 'If-None-Match': first.headers.get('ETag')! };
  expect((await get(path, { headers: conditions })).status).toBe(304);
  expect((await get('/models/other/generator.onnx')).status).toBe(404);
});

test('links have previews, and the gallery learns it', async () => {
  expect((await get('/models/index.json')).headers.get('Link-Previews')).toBe('/s/');
  const page = await (await get('/s/luna,42')).text();
  const [, image] = /property="og:image" content="([^"]+)"/.exec(page)!;
  const { pathname, search } = new URL(image!.replaceAll('&amp;', '&'));
  const picture = await decode(await get(pathname + search));
  expect([picture.width, picture.height]).toEqual([1020, 340]);
});

test('robots.txt is answered by the Worker', async () => {
  expect(await (await get('/robots.txt')).text()).toContain('Disallow: /generate');
});

test.each(['/nothing', '/assets/nothing.js', '/_headers', '/_redirects', '/served-files.js'])(
  '%s is 404 with a problem document',
  async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    await response.arrayBuffer();
  },
);

test.skipIf(process.platform !== 'linux')('memory does not grow with the number of pictures', async () => {
  // A decoded picture has 1 MB, so leaking 120 of them would show.
  const make = async (first: number, count: number) => {
    for (let seed = first; seed < first + count; seed++) {
      await (await get(`/generate?seed=${seed}&size=512&filter=nearest`)).arrayBuffer();
    }
  };
  await make(5000, 60);
  const before = workerdMegabytes();
  await make(6000, 120);
  expect(workerdMegabytes() - before).toBeLessThan(60);
});

/** Resident memory of this process's workerd children. */
function workerdMegabytes(): number {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  const sizes = children
    .map((id) => readFileSync(`/proc/${id}/status`, 'utf8'))
    .filter((status) => /^Name:\s+workerd/.test(status))
    .map((status) => Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024);
  expect(sizes.length).toBeGreaterThan(0);
  return sizes.reduce((sum, size) => sum + size);
}
