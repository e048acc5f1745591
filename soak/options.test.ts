import { expect, test } from 'vitest';
import { PARTS, parseSoakOptions } from './options.ts';

test('parts, count and seed', () => {
  expect(parseSoakOptions([])).toEqual({ parts: PARTS, count: null, seed: 0 });
  expect(parseSoakOptions('zips kills --count 1k --seed 7'.split(' '))).toEqual({
    parts: ['zips', 'kills'],
    count: 1_000,
    seed: 7,
  });
  expect(() => parseSoakOptions(['zip'])).toThrow("'zip' is not one of kills, photos, zips, disk");
});
