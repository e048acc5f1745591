import { expect, test } from 'vitest';
import { childLabel } from './child.ts';
import { listEntries, parseDogList } from './dog-list.ts';
import { parseSeed, parseSeedList } from './seed.ts';
import { UserError } from './user-error.ts';

const parse = (text: string) => parseDogList(text, { max: 64 }).map(({ seed }) => seed);

test('a list without puppies is that of the seeds', () => {
  for (const list of ['0-2, 9,rex ,rex-luna,7-7', '(a,b)', '(,)1', '(*b,c)1', '(_*_),(a*b)9', '1-3,(x)1'])
    expect(parseDogList(list, { max: 64 })).toEqual(parseSeedList(list));
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
