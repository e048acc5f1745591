import { expect, test } from 'vitest';
import { damaged, randomOf } from './random.ts';

test('the same seed gives the same damage, another seed another, and the original stays', () => {
  const file = Buffer.from(Array.from({ length: 500 }, (_, i) => i % 256));
  const before = Buffer.from(file);
  const results = (seed: number) => {
    const random = randomOf(seed);
    return Array.from({ length: 50 }, () => damaged(file, random).toString('hex'));
  };
  expect(results(1)).toEqual(results(1));
  expect(results(1)).not.toEqual(results(2));
  const changed = results(1).filter((hex) => hex !== before.toString('hex'));
  expect(changed.length).toBeGreaterThan(40);
  expect(file).toEqual(before);
});
