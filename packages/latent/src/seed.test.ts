import { expect, test } from 'vitest';
import { deriveSeed, parseSeed, parseSeedList } from './seed.ts';
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

test('a list may mix ranges, numbers and texts, and keeps their order', () => {
  expect(parseSeedList('0-2, 9,rex ,rex-luna,7-7')).toEqual([
    { label: '0', seed: 0 },
    { label: '1', seed: 1 },
    { label: '2', seed: 2 },
    { label: '9', seed: 9 },
    { label: 'rex', seed: hashText('rex') },
    { label: 'rex-luna', seed: hashText('rex-luna') },
    { label: '7', seed: 7 },
  ]);
  expect(parseSeedList('0-63')).toHaveLength(64);
  expect(parseSeedList('4294967295-4294967295')).toEqual([{ label: '4294967295', seed: 0xffff_ffff }]);
});

test.each([
  ['5-3', '"5-3" runs backwards: write the smaller end first, "3-5"'],
  ['0-4294967296', '"0-4294967296" is invalid: both ends must be integers from 0 to 4294967295'],
  ['00-07', 'without leading zeros'],
  ['1,,2', 'empty entry'],
  ['', 'empty entry'],
  ['0-4', 'at most 4 are allowed'],
  ['a,b,c,0-1', 'at most 4 are allowed'],
  ['0-1,a,b,c', 'at most 4 are allowed'],
  ['0-4294967295', 'at most 4 are allowed'],
  ['1,'.padEnd(70, 'x'), '68 characters'],
])('the list "%s" is rejected', (text, message) => {
  expect(() => parseSeedList(text, { max: 4 })).toThrow(UserError);
  expect(() => parseSeedList(text, { max: 4 })).toThrow(message);
});

test('exactly the maximum is accepted', () => {
  expect(parseSeedList('0-2,rex', { max: 4 })).toHaveLength(4);
});

test.each(['1,'.repeat(5000), '1,,'.repeat(5000), `${'9'.repeat(5000)}-1`, 'x'.repeat(5000), '1-2'.repeat(2000)])(
  'an error does not repeat a long list',
  (text) => {
    let message = '';
    try {
      parseSeedList(text, { max: 4 });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.length).toBeGreaterThan(20);
    expect(message.length).toBeLessThan(200);
  },
);
