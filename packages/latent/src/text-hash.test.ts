import { expect, test } from 'vitest';
import { hashText } from './text-hash.ts';

test.each([
  // From the authors' test vectors.
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['b', 0xe70c2de5],
  ['foo', 0xa9f37ed7],
  ['foobar', 0xbf9cf968],
])('FNV-1a of "%s"', (text, expected) => {
  expect(hashText(text)).toBe(expected);
});

test('text is hashed as UTF-8', () => {
  const bytes = (list: number[]) => list.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5) >>> 0;
  expect(hashText('ä')).toBe(bytes([0xc3, 0xa4]));
  expect(hashText('犬\n%')).toBe(bytes([0xe7, 0x8a, 0xac, 0x0a, 0x25]));
  expect(hashText('🐶')).toBe(bytes([0xf0, 0x9f, 0x90, 0xb6]));
  expect(hashText('\ud83d')).toBe(bytes([0xef, 0xbf, 0xbd]));
});
