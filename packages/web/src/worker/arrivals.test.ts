import { expect, test } from 'vitest';
import { Arrivals } from './arrivals.ts';

test('progress counts all files, those that the server compresses by the bytes that travel', () => {
  const said: [number, number][] = [];
  const arrivals = new Arrivals((received, bytes) => said.push([received, bytes]));
  const model = arrivals.expect({ bytes: 1000, compressed: 1000 });
  const binary = arrivals.expect({ bytes: 8000, compressed: 2000 });
  model(500, false);
  binary(4000, true);
  model(1000, false);
  binary(8000, true);
  expect(said).toEqual([
    [500, 9000],
    [1500, 3000],
    [2000, 3000],
    [3000, 3000],
  ]);
});
