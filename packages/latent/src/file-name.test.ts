import { expect, test } from 'vitest';
import { fileNameOf } from './file-name.ts';

test.each([
  [['Anna', 'Ben'], 'dog-Anna-Ben'],
  [['🐶', '루나'], 'dog-1f436-루나'],
  [['../a b?', 'é'], 'dog-a_b-é'],
  [['🐶', '🦊'], 'dog-1f436-1f98a'],
])('the file of %j is %s', (dogs, name) => {
  expect(fileNameOf(dogs)).toBe(name);
});

test('a long name is cut between characters', () => {
  const name = fileNameOf(Array.from({ length: 12 }, () => '𠮷'.repeat(64)));
  // 4 bytes each, besides "dog-" and an extension; file systems count bytes, up to 255.
  expect(name).toBe(`dog-${'𠮷'.repeat(56)}`);
});
