import { expect, test } from 'vitest';
import { decodeFavourites, encodeFavourites, MOST_FAVOURITES, mergeFavourites } from './favourite-list.ts';

test('a file of favourites holds them all, in their order', () => {
  const favourites = ['dogs=luna,3&at=0.5&model=dogs-64', 'dogs=2'];
  expect(decodeFavourites(encodeFavourites(favourites))).toEqual(favourites);
});

test('a file of something else is told apart, and what is not legal inside is left out', () => {
  for (const text of ['', 'null', '[]', '{}', '{"format":"other","favourites":["dogs=1"]}']) {
    expect(decodeFavourites(text)).toBeNull();
  }
  const favourites = ['dogs=1', 'dogs=1&at=0', 7, 'nothing', '<script>', 'dogs=2&psi=99'];
  expect(decodeFavourites(JSON.stringify({ format: 'latent-dogs favourites', version: 1, favourites }))).toEqual([
    'dogs=1',
    'dogs=2&psi=2',
  ]);
});

test('a file of a later format is told apart', () => {
  const file = { format: 'latent-dogs favourites', version: 99, favourites: ['dogs=1'] };
  expect(decodeFavourites(JSON.stringify(file))).toBe('newer');
});

test('an import never drops one of the visitor’s own, and counts what there was no room for', () => {
  const numbered = (name: string, count: number) => Array.from({ length: count }, (_, i) => `dogs=${name}${i}`);
  const own = numbered('own', 5);
  const merged = mergeFavourites(own, [own[2]!, ...numbered('new', 5000)]);
  expect(merged.all.slice(-5)).toEqual(own);
  expect(merged).toMatchObject({ added: MOST_FAVOURITES - 5, leftOut: 5000 - (MOST_FAVOURITES - 5) });
  // They all survive being stored and read again.
  expect(decodeFavourites(encodeFavourites(merged.all))).toEqual(merged.all);
  expect(mergeFavourites(numbered('many', 3000), ['dogs=1'])).toMatchObject({ added: 0, leftOut: 1 });
});
