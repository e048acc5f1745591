import { expect, test } from 'vitest';
import type { Pixels } from './dog-maker.ts';
import { RecentPictures } from './recent-pictures.ts';

test('keeps up to the limit; the pictures used longest ago go first', () => {
  const recent = new RecentPictures(3);
  const picture = new Uint8ClampedArray(4) as Pixels;
  for (const key of ['a', 'b', 'c']) recent.set(key, picture);
  recent.get('a');
  recent.set('d', picture);
  expect(['a', 'b', 'c', 'd'].map((key) => recent.get(key) !== undefined)).toEqual([true, false, true, true]);
  expect(recent.size).toBe(3);
});
