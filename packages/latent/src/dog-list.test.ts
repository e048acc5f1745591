import { expect, test } from 'vitest';
import { childLabel } from './child.ts';
import { listEntries, parseDogList } from './dog-list.ts';
import { parseSeed } from './seed.ts';
import { hashText } from './text-hash.ts';
import { UserError } from './user-error.ts';

const parse = (text: string) => parseDogList(text, { max: 64 }).map(({ seed }) => seed);

test('a list without puppies is split at its commas', () => {
  for (const list of ['0-2, 9,rex ,rex-luna,7-7', '(a,b)', '(,)1', '(*b,c)1', '(_*_),(a*b)9', '1-3,(x)1'])
    expect([...listEntries(list)]).toEqual(list.split(','));
  expect(parse('(_*_),(a*b)9')).toEqual([parseSeed('(_*_)'), parseSeed('(a*b)9')]);
});

test('puppies are entries, whatever the names of their parents hold', () => {
  const puppies = [
    childLabel('Anna', 'Ben', 3),
    childLabel('a,b', '(,', 1),
    childLabel('1', childLabel('Anna, B', '루나', 8), 2),
    childLabel(')1,(', '%28', 5),
  ];
  expect(parse(puppies.join(','))).toEqual(puppies);
  expect(parse(`rex, ${puppies.join(' , ')} ,0-1`)).toEqual([parseSeed('rex'), ...puppies, 0, 1]);
  expect([...listEntries(`${puppies[1]},,x`)]).toEqual([puppies[1], '', 'x']);
  expect(parseDogList('(Zoe\u0308*Ben)3', { max: 1 })).toEqual([{ label: '(Zo\u00eb*Ben)3', seed: '(Zo\u00eb*Ben)3' }]);
});

test('a puppy needs its whole entry', () => {
  expect(parse('(a*b)1x')).toEqual([parseSeed('(a*b)1x')]);
  expect(parse('(a*b)12,(a*b)1')).toEqual([parseSeed('(a*b)12'), '(a*b)1']);
});

test.each([
  ['(a*b)1,', /empty entry/],
  [`(${'x'.repeat(65)}*b)1`, /The seed "x{20}…" has 65 characters/],
  [Array.from({ length: 65 }, (_, i) => `(${i}*b)1`).join(','), /at most 64/],
])('%s is refused', (list, message) => {
  expect(() => parse(list)).toThrow(UserError);
  expect(() => parse(list)).toThrow(message);
});

test('a list may mix ranges, numbers and texts, and keeps their order', () => {
  expect(parseDogList('0-2, 9,rex ,rex-luna,7-7')).toEqual([
    { label: '0', seed: 0 },
    { label: '1', seed: 1 },
    { label: '2', seed: 2 },
    { label: '9', seed: 9 },
    { label: 'rex', seed: hashText('rex') },
    { label: 'rex-luna', seed: hashText('rex-luna') },
    { label: '7', seed: 7 },
  ]);
  expect(parseDogList('0-63')).toHaveLength(64);
  expect(parseDogList('4294967295-4294967295')).toEqual([{ label: '4294967295', seed: 0xffff_ffff }]);
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
  expect(() => parseDogList(text, { max: 4 })).toThrow(UserError);
  expect(() => parseDogList(text, { max: 4 })).toThrow(message);
});

test('exactly the maximum is accepted', () => {
  expect(parseDogList('0-2,rex', { max: 4 })).toHaveLength(4);
});

test.each(['1,'.repeat(5000), '1,,'.repeat(5000), `${'9'.repeat(5000)}-1`, 'x'.repeat(5000), '1-2'.repeat(2000)])(
  'an error does not repeat a long list',
  (text) => {
    let message = '';
    try {
      parseDogList(text, { max: 4 });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.length).toBeGreaterThan(20);
    expect(message.length).toBeLessThan(200);
  },
);
