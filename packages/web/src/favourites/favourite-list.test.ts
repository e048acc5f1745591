import { expect, test } from 'vitest';
import { decodeFavourites, encodeFavourites } from './favourite-list.ts';

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
    'dogs=2&psi=1.5',
  ]);
});
