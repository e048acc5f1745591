import { expect, test } from 'vitest';
import { PARTS, parseSoakOptions } from './options.ts';

test('parts, count, minutes, seed and model', () => {
  expect(parseSoakOptions([])).toEqual({ parts: PARTS, count: null, minutes: 10, seed: 0, model: null });
  expect(parseSoakOptions('zips load --count 1k --minutes 0.5 --seed 7 --model models/a'.split(' '))).toEqual({
    parts: ['zips', 'load'],
    count: 1_000,
    minutes: 0.5,
    seed: 7,
    model: 'models/a',
  });
  expect(() => parseSoakOptions(['zip'])).toThrow("'zip' is not one of kills, photos, zips, disk, requests, load");
});
