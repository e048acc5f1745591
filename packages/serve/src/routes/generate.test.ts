import { latentFromSeed, moveAlong, parseSeed, truncate } from '@latent-dogs/latent';
import { decode as decodePng } from 'fast-png';
import sharp from 'sharp';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { createGenerator } from '../generator.ts';
import { decode, largestDifference } from '../testing/pixels.ts';
import { tinyPicture } from '../testing/tiny-model.ts';
import { tinyDog, tinyServer } from '../testing/tiny-server.ts';
import { dogDocument } from './dog.ts';

const { get, made, manifest } = await tinyServer();

test('a seed gives its dog', async () => {
  const response = await get('/generate?seed=42');
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toBe('image/png');
  expect(response.headers.get('Content-Disposition')).toBe('inline; filename="dog-42.png"');
  const { data, width, height } = await decode(response);
  expect([width, height]).toEqual([64, 64]);
  expect(largestDifference(data, tinyDog(42))).toBeLessThanOrEqual(1);
  expect(largestDifference(data, tinyDog(43))).toBeGreaterThan(20);
});

test.each([
  ['luna', 'dog-luna'],
  ['Caf\u0065\u0301 007', 'dog-Caf\u00e9_007'],
  ['../../etc/passwd', 'dog-etc_passwd'],
  ['루나', 'dog-루나'],
  ['"; filename="x.exe', 'dog-filename_x_exe'],
  ['\r\nSet-Cookie: a=b', 'dog-Set_Cookie_a_b'],
  ['gpj.\u202eexe', 'dog-gpj_exe'],
  ['𠮷'.repeat(64), `dog-${'𠮷'.repeat(56)}`],
])('download=1 saves the dog of %j as a file with its name', async (seed, name) => {
  for (const [path, extension] of [
    ['/generate', 'png'],
    ['/generate.json', 'json'],
  ]) {
    const query = new URLSearchParams({ seed, download: '1' });
    const { status, headers } = await get(`${path}?${query}`, { method: 'HEAD' });
    expect([status, headers.get('Set-Cookie')]).toEqual([200, null]);
    const plain = `dog-${parseSeed(seed)}`;
    const expected = /^[\w-]+$/.test(name)
      ? `attachment; filename="${name}.${extension}"`
      : `attachment; filename="${plain}.${extension}"; filename*=UTF-8''${encodeURIComponent(name)}.${extension}`;
    expect(headers.get('Content-Disposition')).toBe(expected);
    expect(Buffer.byteLength(`${name}.${extension}`)).toBeLessThan(255);
  }
});

test('download changes nothing but that header', async () => {
  const [shown, saved] = await Promise.all(
    ['0', '1'].map((download) => get(`/generate?seed=rex&download=${download}`)),
  );
  expect(shown!.headers.get('Content-Disposition')).toBe('inline; filename="dog-rex.png"');
  expect(saved!.headers.get('Content-Disposition')).toBe('attachment; filename="dog-rex.png"');
  for (const name of ['ETag', 'Content-Location']) expect(saved!.headers.get(name)).toBe(shown!.headers.get(name));
  expect(Buffer.from(await saved!.arrayBuffer()).equals(Buffer.from(await shown!.arrayBuffer()))).toBe(true);
});

test('truncation scales z', async () => {
  const { data } = await decode(await get('/generate?seed=42&truncation=0.5'));
  expect(largestDifference(data, tinyDog(42, 0.5))).toBeLessThanOrEqual(1);
  expect(largestDifference(data, tinyDog(42))).toBeGreaterThan(20);
});

test('dials move along the directions of the model, after truncation', async () => {
  const z = moveAlong(truncate(latentFromSeed(42, 8), 0.5), manifest.directions, [1.5, 0, -2]);
  for (const dials of ['1.5,0,-2', 'warm-cool:-2,light-coat-dark-coat:1.5', '2:-2,0:1.50']) {
    const response = await get(`/generate?seed=42&truncation=0.5&dials=${dials}`);
    expect(response.headers.get('Content-Location')).toContain('&dials=1.5,0,-2&');
    const { data } = await decode(response);
    expect(largestDifference(data, tinyPicture(z))).toBeLessThanOrEqual(1);
    expect(largestDifference(data, tinyDog(42, 0.5))).toBeGreaterThan(20);
  }
  const json = await (await get('/generate.json?seed=42&truncation=0.5&dials=1.5,0,-2')).json();
  expect(json).toMatchObject({ seed: 42, truncation: 0.5, dials: [1.5, 0, -2], z: Array.from(z) });
});

test.each(['truncation=0.0000001', 'dials=.00000000000000001,0.123456789'])(
  'Content-Location is a URL of the same dog: %s',
  async (query) => {
    const first = await get(`/generate?seed=1&${query}`);
    const again = await get(first.headers.get('Content-Location')!);
    expect([again.status, again.headers.get('ETag')]).toEqual([200, first.headers.get('ETag')]);
    expect((await get('/generate?seed=1')).headers.get('ETag')).not.toBe(first.headers.get('ETag'));
  },
);

test('dials that are not turned are the same picture', async () => {
  const tags = ['seed=1', 'seed=1&dials=0', 'seed=1&dials=warm-cool:0'].map(async (query) =>
    (await get(`/generate?${query}`, { method: 'HEAD' })).headers.get('ETag'),
  );
  expect(new Set(await Promise.all(tags)).size).toBe(1);
});

test('size enlarges, pixel by pixel with filter=nearest', async () => {
  const { data, width, height } = await decode(await get('/generate?seed=42&size=256&filter=nearest'));
  expect([width, height]).toEqual([256, 256]);
  const dog = tinyDog(42);
  const sampled = Array.from({ length: 4 * 64 * 64 }, (_, i) => {
    const [x, y] = [Math.floor(i / 4) % 64, Math.floor(i / 4 / 64)];
    return data[4 * ((4 * y + 3) * 256 + 4 * x + 3) + (i % 4)]!;
  });
  expect(largestDifference(sampled, dog)).toBeLessThanOrEqual(1);
  const smooth = await decode(await get('/generate?seed=42&size=256'));
  expect(largestDifference(smooth.data, data)).toBeGreaterThan(20);
});

test('a PNG names its seed and model', async () => {
  const response = await get('/generate?seed=luna&truncation=0.70');
  const { text } = decodePng(await response.arrayBuffer(), { checkCrc: true });
  expect(text).toEqual({
    Software: 'latent-dogs',
    Seed: '84098439',
    Truncation: '0.7',
    Model: 'tiny',
    'Model SHA-256': manifest.generator.sha256,
  });
});

const meanDifference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;

test.each([
  ['webp', 'image/webp', 'webp'],
  ['jpeg', 'image/jpeg', 'jpg'],
  ['avif', 'image/avif', 'avif'],
])('%s shows the same dog, in any size', async (format, mediaType, extension) => {
  for (const size of [64, 161]) {
    const png = await decode(await get(`/generate?seed=7&size=${size}`));
    const response = await get(`/generate?seed=7&size=${size}&format=${format}`);
    expect(response.headers.get('Content-Type')).toBe(mediaType);
    expect(response.headers.get('Content-Disposition')).toBe(`inline; filename="dog-7.${extension}"`);
    const bytes = await response.clone().arrayBuffer();
    expect((await sharp(Buffer.from(bytes)).metadata()).mediaType).toBe(mediaType);
    const { data, width, height } = await decode(response);
    expect([width, height]).toEqual([size, size]);
    // They are lossy, and compress the coloured squares of the test model badly; another dog differs by 70.
    expect(meanDifference(data, png.data)).toBeLessThan(10);
  }
});

test('json shows the same dog', async () => {
  const json = v.parse(dogDocument, await (await get('/generate?seed=7&format=json&truncation=0.5')).json());
  expect(json.model).toEqual({ name: 'tiny', sha256: manifest.generator.sha256 });
  expect([json.seed, json.truncation]).toEqual([7, 0.5]);
  expect(json.z).toEqual(Array.from(truncate(latentFromSeed(7, 8), 0.5)));
  const image = await decode(await fetch(json.image));
  expect(largestDifference(image.data, tinyDog(7, 0.5))).toBeLessThanOrEqual(1);
});

test.each([
  ['image/avif,image/webp,*/*;q=0.8', 'avif'],
  ['image/webp,*/*;q=0.8', 'webp'],
  ['image/png', 'png'],
  ['*/*', 'jpeg'],
])('format=auto with Accept: %s is %s, at a URL that may be cached by Accept', async (accept, format) => {
  const chosen = await get('/generate?seed=7&format=auto', { headers: { Accept: accept } });
  expect(chosen.headers.get('Vary')).toContain('Accept');
  const own = await get(`/generate?seed=7&format=${format}`);
  expect(own.headers.get('Vary') ?? '').not.toContain('Accept');
  for (const name of ['Content-Type', 'Content-Location', 'Content-Disposition', 'ETag']) {
    expect(chosen.headers.get(name)).toBe(own.headers.get(name));
  }
  expect(Buffer.from(await chosen.arrayBuffer()).equals(Buffer.from(await own.arrayBuffer()))).toBe(true);
  const known = { Accept: accept, 'If-None-Match': own.headers.get('ETag')! };
  const unchanged = await get('/generate?seed=7&format=auto', { headers: known });
  expect([unchanged.status, unchanged.headers.get('Vary')]).toEqual([304, 'Accept']);
});

test('format=auto for a client that takes no picture is 406', async () => {
  expect((await get('/generate?seed=7&format=auto', { headers: { Accept: 'text/html' } })).status).toBe(406);
});

test('without a seed it redirects to a random dog and keeps the other parameters', async () => {
  const locations = await Promise.all(
    [1, 2].map(async () => {
      const response = await get('/generate?size=128&format=webp');
      expect(response.status).toBe(302);
      expect(response.headers.get('Cache-Control')).toBe('no-store');
      return response.headers.get('Location')!;
    }),
  );
  expect(locations[0]).not.toBe(locations[1]);
  expect(locations[0]).toMatch(/^\/generate\?seed=\d+&size=128&format=webp$/);
  expect((await get(locations[0]!)).status).toBe(200);
});

test('the same parameters give the same bytes and tag in any spelling and order', async () => {
  const answers = await Promise.all(
    ['?seed=luna', '?size=64&seed=84098439', '?truncation=1.0&seed=luna&format=png&filter=lanczos'].map((query) =>
      get(`/generate${query}`),
    ),
  );
  expect(new Set(answers.map(({ headers }) => headers.get('ETag'))).size).toBe(1);
  expect(answers[0]!.headers.get('ETag')).toMatch(/^"[0-9a-f]{32}"$/);
  const bodies = await Promise.all(answers.map(async (answer) => Buffer.from(await answer.arrayBuffer())));
  expect(bodies[1]!.equals(bodies[0]!) && bodies[2]!.equals(bodies[0]!)).toBe(true);
});

test('a URL that does not name the model is asked again after minutes; one that does is not', async () => {
  const plain = await get('/generate?seed=6&truncation=0.50');
  expect(plain.headers.get('Cache-Control')).toBe('public, max-age=300, must-revalidate');
  expect(plain.headers.get('Model-Name')).toBe('tiny');
  expect(plain.headers.get('Model-SHA256')).toBe(manifest.generator.sha256);
  const location = plain.headers.get('Content-Location')!;
  expect(new URL(location, 'http://localhost').searchParams.get('model')).toBe(manifest.generator.sha256.slice(0, 16));

  const bytes = Buffer.from(await plain.arrayBuffer());
  const upperCase = `/generate?seed=6&truncation=.5&model=${manifest.generator.sha256.slice(0, 8).toUpperCase()}`;
  for (const path of [location, upperCase]) {
    const pinned = await get(path);
    expect(pinned.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
    expect(pinned.headers.get('ETag')).toBe(plain.headers.get('ETag'));
    expect(Buffer.from(await pinned.arrayBuffer()).equals(bytes)).toBe(true);
  }
});

test.each(['/generate?seed=1', '/generate?size=64', '/interpolate?from=1&to=2', '/grid?seeds=1'])(
  '%s with the digest of another model is 404 and not cached',
  async (path) => {
    const other = manifest.generator.sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    for (const digits of [other, other.slice(0, 8)]) {
      const response = await get(`${path}&model=${digits}`);
      expect([response.status, response.headers.get('Cache-Control')]).toEqual([404, 'no-store']);
      expect(await response.json()).toMatchObject({
        type: '/docs#unknown-model',
        detail: expect.stringContaining(manifest.generator.sha256),
      });
    }
  },
);

test('without a seed the redirect keeps the model', async () => {
  const digits = manifest.generator.sha256.slice(0, 16);
  const response = await get(`/generate?model=${digits}`);
  expect([response.status, response.headers.get('Location')]).toEqual([
    302,
    expect.stringMatching(new RegExp(`^/generate\\?seed=\\d+&model=${digits}$`)),
  ]);
});

test.each(['', '-', 'a b', '../tiny', '0'.repeat(65), '루나'])('model=%s cannot be a model', async (named) => {
  const response = await get(`/generate?seed=1&model=${encodeURIComponent(named)}`);
  expect(response.status).toBe(400);
  const { errors } = (await response.json()) as { errors: { parameter: string }[] };
  expect(errors.map(({ parameter }) => parameter)).toEqual(['model']);
});

test('the tag is another one on another runtime and for another model', async () => {
  const tagFrom = async (parts: Parameters<typeof tinyServer>[0]) =>
    (await (await tinyServer(parts)).get('/generate?seed=1', { method: 'HEAD' })).headers.get('ETag');
  const { sha256, ...file } = manifest.generator;
  const retrained = { ...manifest, generator: { ...file, sha256: sha256.replace(/.$/, 'x') } };
  const generator = createGenerator(retrained, () => Promise.reject(new Error('not needed')));
  const tags = await Promise.all([{}, { runtime: 'another' }, { generator }].map(tagFrom));
  expect(new Set(tags).size).toBe(3);
});

test('every parameter changes the tag', async () => {
  const queries = [
    'seed=1',
    'seed=2',
    'seed=1&size=65',
    'seed=1&truncation=0',
    'seed=1&filter=nearest',
    'seed=1&dials=1',
    'seed=1&dials=0,1',
    'seed=1&format=webp',
    'seed=1&format=jpeg',
    'seed=1&format=avif',
  ];
  const tags = await Promise.all(queries.map(async (query) => (await get(`/generate?${query}`)).headers.get('ETag')));
  expect(new Set(tags).size).toBe(queries.length);
});

test('conditional and HEAD requests are answered without generating a picture', async () => {
  const whole = await get('/generate?seed=5');
  const tag = whole.headers.get('ETag')!;
  const before = made.pictures;

  const conditional = await get('/generate?seed=5', { headers: { 'If-None-Match': `"other", ${tag}` } });
  expect(conditional.status).toBe(304);
  expect(await conditional.text()).toBe('');
  expect(conditional.headers.get('ETag')).toBe(tag);
  expect(conditional.headers.get('Cache-Control')).toBe(whole.headers.get('Cache-Control'));

  const head = await get('/generate?seed=5', { method: 'HEAD' });
  expect(head.status).toBe(200);
  expect(await head.text()).toBe('');
  for (const name of ['ETag', 'Content-Type', 'Cache-Control', 'Content-Disposition']) {
    expect(head.headers.get(name)).toBe(whole.headers.get(name));
  }
  expect(made.pictures).toBe(before);

  const stale = await get('/generate?seed=5', { headers: { 'If-None-Match': '"other"' } });
  expect(stale.status).toBe(200);
  expect(made.pictures).toBe(before + 1);
});

test('Server-Timing lists the stages', async () => {
  const response = await get('/generate?seed=9');
  expect(response.headers.get('Server-Timing')).toMatch(
    /^init;dur=\d+\.\d, inference;dur=\d+\.\d, encode;dur=\d+\.\d$/,
  );
});

test('/generate.json is format=json', async () => {
  const [own, other] = await Promise.all(
    ['/generate.json?seed=7', '/generate?seed=7&format=json'].map((path) => get(path)),
  );
  expect(own!.headers.get('Content-Type')).toBe('application/json');
  expect(await own!.json()).toEqual(await other!.json());
  const random = await get('/generate.json?size=128');
  expect([random.status, random.headers.get('Location')]).toEqual([
    302,
    expect.stringMatching(/^\/generate\.json\?seed=\d+&size=128$/),
  ]);
  expect((await get('/generate.json?seed=7&format=png')).status).toBe(400);
});
