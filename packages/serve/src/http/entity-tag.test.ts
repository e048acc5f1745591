import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { entityTag, notModified } from './entity-tag.ts';

test('a tag is the first half of a SHA-256, quoted', async () => {
  const expected = createHash('sha256').update('ü').digest('hex').slice(0, 32);
  expect(entityTag('ü')).toBe(`"${expected}"`);
});

test.each([
  ['"a"', true],
  ['W/"a"', true],
  ['"b", "a"', true],
  ['"b",W/"a" ,"c"', true],
  ['*', true],
  [' * ', true],
  ['"b"', false],
  ['a', false],
  ['"aa"', false],
  ['"x, "a', false],
  ['', false],
  [undefined, false],
])('If-None-Match: %s', (header, named) => {
  const response = notModified(header, new Headers({ ETag: '"a"', 'Cache-Control': 'no-cache' }));
  expect(response?.status).toBe(named ? 304 : undefined);
  if (named) expect(response!.headers.get('Cache-Control')).toBe('no-cache');
});

test.each(['"a"', 'W/"a"', '*'])('If-None-Match: %s names the weak tag, too', (header) => {
  expect(notModified(header, new Headers({ ETag: 'W/"a"' }))?.status).toBe(304);
});
