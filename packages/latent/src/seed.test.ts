import { expect, test } from 'vitest';
import { deriveSeed, parseSeed } from './seed.ts';
import { hashText } from './text-hash.ts';
import { UserError } from './user-error.ts';

test.each([
  ['0', 0],
  ['42', 42],
  ['4294967295', 0xffff_ffff],
  [42, 42],
  [0xffff_ffff, 0xffff_ffff],
])('%j is the number itself', (text, seed) => {
  expect(parseSeed(text)).toBe(seed);
});

test.each(['007', '-1', '+1', '4294967296', '99999999999999999999', '1.5', '1e3', ' 42', '٤٢', 'rex'])(
  '"%s" is text',
  (text) => {
    expect(parseSeed(text)).toBe(hashText(text));
  },
);

test('composed and decomposed spellings are one seed; upper and lower case are two', () => {
  expect(parseSeed('Ba\u0308rli')).toBe(parseSeed('B\u00e4rli'));
  expect(parseSeed('luna')).not.toBe(parseSeed('Luna'));
});

test('the length is counted in code points after normalisation', () => {
  expect(parseSeed('🐶'.repeat(64))).toBe(hashText('🐶'.repeat(64)));
  expect(parseSeed('a\u0308'.repeat(64))).toBe(hashText('ä'.repeat(64)));
  expect(() => parseSeed('🐶'.repeat(65))).toThrow('65 characters');
});

test.each(['', 'x'.repeat(65), -1, 1.5, 2 ** 32, Number.NaN])('%j is rejected, naming what is legal', (text) => {
  expect(() => parseSeed(text)).toThrow(UserError);
  expect(() => parseSeed(text)).toThrow('an integer from 0 to 4294967295, or any text of 1 to 64 characters');
});

test('purposes derive different seeds', () => {
  const purposes = ['z', 'data order', 'flips'];
  const derived = [0, 1, 2].flatMap((seed) => purposes.map((purpose) => deriveSeed(seed, purpose)));
  expect(new Set(derived).size).toBe(9);
  expect(deriveSeed(1, 'z')).toBe(hashText('1/z'));
});
