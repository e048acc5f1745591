import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { entityTag, namesTag } from './entity-tag.ts';

test('a tag is the beginning of a SHA-256, quoted', async () => {
  const expected = createHash('sha256').update('ü').digest('hex').slice(0, 32);
  expect(await entityTag('ü')).toBe(`"${expected}"`);
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
  expect(namesTag(header, '"a"')).toBe(named);
});
