import { expect, test, vi } from 'vitest';
import { createGenerator } from './generator.ts';
import { Problem } from './http/problem.ts';
import type { ServerParts } from './server-parts.ts';
import { decode, largestDifference } from './testing/pixels.ts';
import { tinyPicture } from './testing/tiny-model.ts';
import { tinyDog, tinyServer } from './testing/tiny-server.ts';
import { IMMEDIATE_WORK } from './work/work.ts';

const { get, manifest } = await tinyServer();

async function problem(response: Response) {
  expect(response.headers.get('Content-Type')).toBe('application/problem+json');
  const document = (await response.json()) as Record<string, unknown>;
  expect(document.status).toBe(response.status);
  expect(document.type).toMatch(/^\/docs#/);
  expect(document.title).toBeTypeOf('string');
  expect(response.headers.get('Cache-Control')).toBe('no-store');
  return document as { detail: string; type: string; errors?: { parameter: string; detail: string; legal: string }[] };
}

test.each([
  ['seed=', 'seed', 'an integer from 0 to 4294967295, or any text of 1 to 64 characters'],
  [`seed=${'x'.repeat(65)}`, 'seed', 'an integer from 0 to 4294967295, or any text of 1 to 64 characters'],
  ['seed=1&size=63', 'size', 'an integer from 64 to 512'],
  ['seed=1&size=513', 'size', 'an integer from 64 to 512'],
  ['seed=1&size=64.5', 'size', 'an integer from 64 to 512'],
  ['seed=1&size=1e2', 'size', 'an integer from 64 to 512'],
  ['seed=1&size=+100', 'size', 'an integer from 64 to 512'],
  ['seed=1&size=', 'size', 'an integer from 64 to 512'],
  ['seed=1&truncation=2.01', 'truncation', 'a number from 0 to 2'],
  ['seed=1&truncation=-0', 'truncation', 'a number from 0 to 2'],
  ['seed=1&truncation=NaN', 'truncation', 'a number from 0 to 2'],
  ['seed=1&truncation=.', 'truncation', 'a number from 0 to 2'],
  ['seed=1&format=gif', 'format', 'png, webp, jpeg, avif, auto or json'],
  ['seed=1&format=PNG', 'format', 'png, webp, jpeg, avif, auto or json'],
  ['seed=1&filter=cubic', 'filter', 'lanczos or nearest'],
  ['seed=%zz', 'seed', 'UTF-8 with percent-encoding, in which % is %25'],
  ['seed=100%', 'seed', 'UTF-8 with percent-encoding, in which % is %25'],
  ['seed=%FF', 'seed', 'UTF-8 with percent-encoding, in which % is %25'],
  ['seed=%C0%AF', 'seed', 'UTF-8 with percent-encoding, in which % is %25'],
  ['seed=1&%E9=2', '%E9', 'UTF-8 with percent-encoding, in which % is %25'],
  ['seed=1&seed=2', 'seed', 'an integer from 0 to 4294967295, or any text of 1 to 64 characters'],
  ['seed=1&sise=64', 'sise', 'one of seed, size, truncation, dials, filter, download, model, format'],
  ['seed=1&constructor=1', 'constructor', 'one of seed, size, truncation, dials, filter, download, model, format'],
])('/generate?%s is rejected, and the error says what is legal', async (query, parameter, legal) => {
  const response = await get(`/generate?${query}`);
  expect(response.status).toBe(400);
  const { detail, errors } = await problem(response);
  expect(errors).toEqual([{ parameter, legal, detail }]);
  expect(detail).toContain(legal);
});

test.each([
  'seed=0',
  'seed=4294967295',
  'seed=4294967296',
  `seed=${'🐕'.repeat(64)}`,
  'seed=100%25',
  'seed=a+b',
  'seed=a=b',
  '&seed=1&',
  'seed=1&size=64',
  'seed=1&size=512',
  'seed=1&truncation=0',
  'seed=1&truncation=2',
  'seed=1&truncation=.5',
])('/generate?%s is accepted', async (query) => {
  const response = await get(`/generate?${query}`);
  expect(response.status).toBe(200);
  await response.arrayBuffer();
});

test('all errors are reported at once', async () => {
  const { errors } = await problem(await get('/generate?seed=&size=1&truncation=9'));
  expect(errors!.map(({ parameter }) => parameter)).toEqual(['seed', 'size', 'truncation']);
});

test('an unknown path is 404', async () => {
  const response = await get('/generat?seed=1');
  expect(response.status).toBe(404);
  expect((await problem(response)).detail).toContain('/generate');
});

test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND'])('%s is 405', async (method) => {
  const response = await get('/generate?seed=1', { method });
  expect(response.status).toBe(405);
  expect(response.headers.get('Allow')).toBe('GET, HEAD, OPTIONS');
  await problem(response);
});

test.each([
  ['/generate?seed=1', 'image/webp', 406],
  ['/generate?seed=1', 'image/*', 200],
  ['/generate?seed=1', 'image/png;q=0, */*', 406],
  ['/generate?seed=1&format=webp', 'image/webp', 200],
  ['/generate?seed=1&format=json', 'text/html', 406],
  ['/interpolate?from=1&to=2&frames=2', 'image/apng', 200],
  ['/interpolate?from=1&to=2&frames=2', 'image/webp', 406],
  ['/model', 'text/html', 406],
  ['/interpolate?from=1&to=2&frames=2', 'image/png', 200],
  ['/openapi.json', 'application/json', 200],
  ['/openapi.json', 'application/vnd.oai.openapi+json', 200],
  ['/docs', 'application/json', 406],
])('%s with Accept: %s is %i', async (path, accept, status) => {
  const response = await get(path, { headers: { Accept: accept } });
  expect(response.status).toBe(status);
  if (status === 406) await problem(response);
});

test('a URL may have 8192 characters, but not more', async () => {
  const path = (length: number) => `/generate?seed=${'x'.repeat(length - 'http://localhost/generate?seed='.length)}`;
  expect((await get(path(8192))).status).toBe(400);
  const response = await get(path(8193));
  expect(response.status).toBe(414);
  await problem(response);
});

test.each(['/generate?seed=1', '/generate?size=1', '/docs', '/nothing'])(
  '%s has the CORS and security headers',
  async (path) => {
    const { headers } = await get(path, { headers: { Origin: 'https://example.com' } });
    expect(headers.get('Access-Control-Allow-Origin')).toBe('*');
    const exposed = headers.get('Access-Control-Expose-Headers')!.split(',');
    expect(exposed).toEqual(expect.arrayContaining(['ETag', 'Retry-After', 'Content-Disposition', 'Content-Location']));
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
    expect(headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
    expect(headers.get('Cross-Origin-Resource-Policy')).toBe('cross-origin');
    expect(headers.get('Content-Security-Policy')).toMatch(/script-src[^;]*'wasm-unsafe-eval'/);
  },
);

test('a preflight allows GET', async () => {
  const response = await get('/generate', {
    method: 'OPTIONS',
    headers: { Origin: 'https://example.com', 'Access-Control-Request-Method': 'GET' },
  });
  expect(response.status).toBe(204);
  expect(response.headers.get('Access-Control-Allow-Methods')).toContain('GET');
});

test('concurrent cold requests load the model once; a failure is answered 503 and retried', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  let loads = 0;
  let waiting = 0;
  let everybodyWaits = () => {};
  const loading = new Promise<void>((resolve) => {
    everybodyWaits = resolve;
  });
  const lazy = createGenerator(manifest, async () => {
    await loading;
    if (++loads === 1) throw new Error('disk on fire');
    return async (z) => new Uint8Array(tinyPicture(z));
  });
  const generator = {
    ...lazy,
    ready: () => {
      const ready = lazy.ready();
      if (++waiting === 3) everybodyWaits();
      return ready;
    },
  };
  const cold = await tinyServer({ generator });
  const failed = await Promise.all([1, 2, 3].map((seed) => cold.get(`/generate?seed=${seed}`)));
  expect(loads).toBe(1);
  for (const response of failed) {
    expect(response.status).toBe(503);
    expect(response.headers.get('Retry-After')).toBe('5');
    expect((await problem(response)).detail).not.toContain('fire');
  }
  const served = await Promise.all([1, 2, 3].map((seed) => cold.get(`/generate?seed=${seed}`)));
  expect(loads).toBe(2);
  expect(served.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(largestDifference((await decode(served[2]!)).data, tinyDog(3))).toBe(0);
});

test('/healthz is 200 if the model is loaded, else 503', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  expect(await (await get('/healthz')).json()).toEqual({
    status: 'ok',
    model: 'tiny',
    sha256: manifest.generator.sha256,
  });
  const broken = createGenerator(manifest, () => Promise.reject(new Error('no file')));
  expect((await (await tinyServer({ generator: broken })).get('/healthz')).status).toBe(503);
});

test('an internal error is a problem document without details', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const broken = createGenerator(manifest, async () => () => Promise.reject(new Error('secret path')));
  const response = await (await tinyServer({ generator: broken })).get('/generate?seed=1');
  expect(response.status).toBe(500);
  expect(JSON.stringify(await problem(response))).not.toContain('secret');
  expect(log).toHaveBeenCalled();
});

test('a rate-limited client gets 429 for new pictures, but still cached ones and 304', async () => {
  const stored = new Map<string, Response>();
  let allowed = true;
  const parts: Partial<ServerParts> = {
    beginWork: async () => {
      if (!allowed) throw new Problem('too-many-requests', 'Later.', { headers: { 'Retry-After': '60' } });
      return IMMEDIATE_WORK;
    },
    cache: {
      match: async (url) => stored.get(url)?.clone(),
      put: (url, answer) => void stored.set(url, answer),
    },
  };
  const limited = await tinyServer(parts);
  const first = await limited.get('/generate?seed=1');
  const bytes = Buffer.from(await first.arrayBuffer());
  allowed = false;

  const refused = await limited.get('/generate?seed=2');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('Retry-After')).toBe('60');
  await problem(refused);

  const hit = await limited.get('/generate?seed=1&format=png');
  expect(hit.headers.get('Server-Timing')).toBe('cache;desc=hit');
  expect(Buffer.from(await hit.arrayBuffer()).equals(bytes)).toBe(true);
  for (const name of ['ETag', 'Content-Type', 'Cache-Control'])
    expect(hit.headers.get(name)).toBe(first.headers.get(name));
  const known = await limited.get('/generate?seed=1', { headers: { 'If-None-Match': first.headers.get('ETag')! } });
  expect(known.status).toBe(304);
  expect(limited.made.pictures).toBe(1);
});

test('the gallery answers all other paths, with the isolation headers', async () => {
  const gallery = await tinyServer({
    gallery: async (context, next) => (context.req.path === '/' ? context.html('<p>gallery') : next()),
  });
  const front = await gallery.get('/');
  expect(await front.text()).toBe('<p>gallery');
  expect(front.headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
  expect((await gallery.get('/nothing')).status).toBe(404);
  expect((await gallery.get('/healthz')).status).toBe(200);
});

test('without a gallery, / redirects to the documentation', async () => {
  const response = await get('/');
  expect([response.status, response.headers.get('Location')]).toEqual([302, '/docs']);
});

test('robots.txt keeps crawlers from walking endless pictures', async () => {
  const response = await get('/robots.txt');
  expect(response.headers.get('Content-Type')).toMatch(/^text\/plain/);
  expect((await response.text()).split('\n')).toEqual(
    expect.arrayContaining([
      'User-agent: *',
      'Disallow: /generate',
      'Disallow: /interpolate',
      'Disallow: /mix',
      'Disallow: /grid',
    ]),
  );
});

const LONG = 'x'.repeat(7000);
test.each([
  `/generate?seed=${LONG}`,
  `/generate?size=${LONG}&seed=1`,
  `/generate?${LONG}=1`,
  `/generate?%ff${LONG}=1`,
  `/generate?seed=1&format=${LONG}`,
  `/generate?seed=1&model=${LONG}`,
  `/grid?seeds=${'1,'.repeat(3500)}`,
  `/grid?seeds=${'1,,'.repeat(2000)}`,
  `/grid?seeds=${'9'.repeat(7000)}-1`,
  `/grid?seeds=${LONG}`,
  `/interpolate?from=${LONG}&to=1`,
  `/mix?dogs=${LONG}`,
  `/grid.json?seeds=${LONG}`,
  `/generate.zip?seeds=${LONG}`,
  `/generate.zip?seeds=1&format=${LONG}`,
  `/generate?seed=1&dials=${LONG}`,
  `/generate?seed=1&dials=${LONG}:1`,
  `/generate?seed=1&dials=${'9'.repeat(7000)}`,
  `/generate?seed=1&dials=${'1,'.repeat(3500)}`,
  `/generate?seed=1&download=${LONG}`,
  `/${LONG}`,
])('a problem does not repeat a long request: %.30s', async (path) => {
  const response = await get(path);
  expect(response.status).toBeGreaterThanOrEqual(400);
  const text = await response.text();
  const repeated = Math.max(...Array.from(text.matchAll(/x+|(?:1,)+|(?:1,,)+|9+/g), ([run]) => run.length));
  expect(repeated).toBeLessThanOrEqual(100);
  expect(text.length).toBeLessThan(2000);
});

test.each(['/docs', '/openapi.json'])('%s: caches must revalidate, and get 304 if nothing changed', async (path) => {
  const response = await get(path);
  expect(response.headers.get('Cache-Control')).toBe('public, no-cache');
  const again = await get(path, { headers: { 'If-None-Match': response.headers.get('ETag')! } });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test.each([
  ['/docs/', '/docs'],
  ['/generate/?seed=1', '/generate?seed=1'],
  ['/model/', '/model'],
])('%s redirects to %s', async (path, location) => {
  const response = await get(path);
  expect([response.status, response.headers.get('Location')]).toEqual([308, location]);
});

test.each(['/nothing/', '//', '//docs/', '/docs//', '///example.com/'])('%s is 404', async (path) => {
  expect((await get(path)).status).toBe(404);
});

test('HTTPS is required from then on only where the client has it', async () => {
  expect((await get('/healthz')).headers.get('Strict-Transport-Security')).toBeNull();
  expect((await get('https://dogs.example/healthz')).headers.get('Strict-Transport-Security')).toBe('max-age=31536000');
  const behindProxy = await tinyServer({
    schemeOf: ({ req }) => (req.header('X-Forwarded-Proto') === 'https' ? 'https' : 'http'),
  });
  const answer = await behindProxy.get('/generate?seed=', { headers: { 'X-Forwarded-Proto': 'https' } });
  expect([answer.status, answer.headers.get('Strict-Transport-Security')]).toEqual([400, 'max-age=31536000']);
});

test('/readyz fails once the server is ending, /healthz does not', async () => {
  let ending = false;
  const server = await tinyServer({ isEnding: () => ending });
  expect(await (await server.get('/readyz')).json()).toEqual(await (await server.get('/healthz')).json());
  ending = true;
  const refused = await server.get('/readyz');
  expect(refused.status).toBe(503);
  expect((await problem(refused)).type).toBe('/docs#shutting-down');
  expect((await server.get('/healthz')).status).toBe(200);
});
