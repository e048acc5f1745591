import { expect, test } from 'vitest';
import { pictureQueries } from '../parameters/queries.ts';
import { readQuery } from '../parameters/read-query.ts';
import { pictureCost, UNITS_PER_MINUTE } from './cost.ts';

const queries = pictureQueries({ size: 64, generator: { sha256: '0'.repeat(64) } as never, directions: [] });
const cost = (route: 'generate' | 'interpolate' | 'grid', query: string) =>
  pictureCost(readQuery(queries[route] as never, `http://localhost/?${query}`));

test.each([
  ['generate', 'seed=1', 1],
  ['generate', 'seed=1&size=256', 2],
  ['generate', 'seed=1&size=512', 5],
  ['generate', 'seed=1&size=256&format=webp', 3],
  ['generate', 'seed=1&size=512&format=avif', 9],
  ['interpolate', 'from=1&to=2&frames=64&size=256&format=webp', 140],
  ['interpolate', 'from=1&to=2', 1],
  ['interpolate', 'from=1&to=2&frames=64', 16],
  ['interpolate', 'from=1&to=2&frames=64&size=256', 76],
  ['grid', 'seeds=0-3', 1],
  ['grid', 'seeds=0-63', 16],
] as const)('/%s?%s costs %i', (route, query, units) => {
  expect(cost(route, query)).toBe(units);
});

test('a client may ask for the most expensive picture', () => {
  expect(cost('interpolate', 'from=1&to=2&frames=64&size=256&format=webp')).toBeLessThanOrEqual(UNITS_PER_MINUTE);
});
