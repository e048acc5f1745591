// @module-tag slow

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createApp } from './app.ts';
import { createGenerator } from './generator.ts';
import { compileCodecs } from './node/compile-codecs.ts';
import { tinyGenerator, tinyManifest, tinyPicture } from './testing/tiny-model.ts';

const model = tinyGenerator();
const manifest = tinyManifest(model);
const app = createApp({
  models: [
    {
      generator: createGenerator(manifest, async () => async (z) => new Uint8Array(tinyPicture(z))),
      openModelFile: () => model.slice().buffer,
    },
  ],
  codecs: await compileCodecs(),
  runtime: 'test',
});

const path = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom('/generate', '/interpolate', '/mix', '/grid', '/grid.json', '/generate.zip'),
  },
  fc.constantFrom(
    '/model',
    '/openapi.json',
    '/docs',
    '/healthz',
    '/',
    '//',
    '/generate/',
    '/%00',
    '/model/../generate',
  ),
);
const name = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.constantFrom(
      'seed',
      'seeds',
      'from',
      'to',
      't',
      'frames',
      'size',
      'truncation',
      'filter',
      'dogs',
      'x',
      'y',
      'dials',
      'download',
      'format',
    ),
  },
  fc.constantFrom('__proto__', 'constructor', 'SEED', 'seed[]', 'seed[$ne]', '', ' ', 'toString', 'length'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const value = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '1',
      '64',
      '0.5',
      '2',
      'png',
      'webp',
      'jpeg',
      'avif',
      'auto',
      'json',
      'apng',
      'strip',
      'nearest',
      '0-3',
      'luna',
      '(Anna*Ben)3',
      '1,((a,b*c)1*루나)8,(x*)1',
      '('.repeat(100),
      `(${'a'.repeat(65)}*b)1`,
      '1.5,0,-2',
      'warm-cool:1',
    ),
  },
  fc.oneof(fc.integer(), fc.double(), fc.bigInt()).map(String),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.constantFrom(
    '',
    ' ',
    '0x10',
    '1e9',
    '-0',
    'Infinity',
    '0-4294967295',
    '4294967295-0',
    '1,,2',
    ',',
    '../../etc/passwd',
    '<script>',
    "' OR 1=1",
    '\0',
    '\r\nSet-Cookie: a=b',
    '\ud800',
    '٣',
    '１２',
  ),
);
/** Percent-encoded correctly, not at all, or with broken escapes. */
const pair = fc.tuple(name, value, fc.constantFrom('escaped', 'raw', 'broken')).map(([key, text, way]) => {
  if (way === 'escaped') return `${encodeURIComponent(key.toWellFormed())}=${encodeURIComponent(text.toWellFormed())}`;
  return way === 'raw' ? `${key}=${text}` : `${key}=%${text}%f%ff`;
});
const query = fc.array(pair, { maxLength: 6 }).map((pairs) => pairs.join('&'));

test('no query gives a 5xx, and every error is a problem document', async () => {
  let answered = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(path, query, fc.constantFrom('GET', 'GET', 'GET', 'HEAD'), async (route, search, method) => {
      const response = await app.request(`${route}?${search}`, { method });
      expect(response.status).toBeLessThan(500);
      expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(response.headers.get('Set-Cookie')).toBeNull();
      const body = await response.arrayBuffer();
      if (response.status < 400) {
        answered++;
        return;
      }
      refused++;
      expect(response.headers.get('Content-Type')).toBe('application/problem+json');
      expect(body.byteLength).toBeLessThan(16_384);
      if (method === 'HEAD') return;
      const problem = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
      expect(problem).toMatchObject({ status: response.status, title: expect.any(String), detail: expect.any(String) });
      if (response.status === 400) {
        expect(problem.errors.length).toBeGreaterThan(0);
        for (const { parameter, legal, detail } of problem.errors) {
          expect(parameter).toBeTypeOf('string');
          expect(legal).toBeTypeOf('string');
          expect(detail.length).toBeGreaterThan(10);
        }
      }
    }),
    { numRuns: 4000, seed: 1 },
  );
  // Neither all queries are valid nor all invalid.
  expect(answered).toBeGreaterThan(200);
  expect(refused).toBeGreaterThan(2000);
}, 300_000);
