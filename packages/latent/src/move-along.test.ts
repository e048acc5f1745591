import { expect, test } from 'vitest';
import { moveAlong } from './move-along.ts';

const directions = [
  { vector: [1, 0, 0], deviation: 2 },
  { vector: [0, 0.6, 0.8], deviation: 0.5 },
];

test('distances are in standard deviations, and add up', () => {
  const z = Float32Array.of(1, 2, 3);
  expect(moveAlong(z, directions, [1.5, -2])).toEqual(Float32Array.of(4, 1.4, 2.2));
  expect(z).toEqual(Float32Array.of(1, 2, 3));
});

test('a missing distance is 0', () => {
  const z = Float32Array.of(1, 2, 3);
  const second: number[] = [];
  second[1] = 1;
  expect(moveAlong(z, directions, second)).toEqual(Float32Array.of(1, 2.3, 3.4));
  expect(moveAlong(z, directions, [])).toEqual(z);
});
