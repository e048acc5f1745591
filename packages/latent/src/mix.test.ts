import { expect, test } from 'vitest';
import { slerp } from './interpolate.ts';
import { mix } from './mix.ts';
import { latentFromSeed } from './random-latent.ts';

const zs = [1, 2, 3, 4].map((seed) => latentFromSeed(seed, 16));

test.each([
  [0, 0, 0],
  [1, 0, 1],
  [0, 1, 2],
  [1, 1, 3],
])('the corner (%i, %i) is latent %i', (x, y, index) => {
  expect(mix(zs, { x, y })).toEqual(zs[index]);
});

test('an edge is the path between its two corners', () => {
  expect(mix(zs, { x: 0.25, y: 0 })).toEqual(slerp(zs[0]!, zs[1]!, 0.25));
  expect(mix(zs, { x: 1, y: 0.7 })).toEqual(slerp(zs[1]!, zs[3]!, 0.7));
});

test('of three latents, the last one takes two corners', () => {
  const three = zs.slice(0, 3);
  expect(mix(three, { x: 1, y: 1 })).toEqual(zs[2]);
  expect(mix([zs[0]!], { x: 0.3, y: 0.8 })).toEqual(zs[0]);
});

test.each([
  [zs, { x: -0.1, y: 0 }, 'x = -0.1 is invalid'],
  [zs, { x: 0, y: Number.NaN }, 'y = NaN is invalid'],
  [[], { x: 0, y: 0 }, '1 to 4 dogs; got 0'],
  [[...zs, ...zs], { x: 0, y: 0 }, '1 to 4 dogs; got 8'],
])('refuses what is no place in a square of latents (%#)', (latents, place, message) => {
  expect(() => mix(latents, place)).toThrow(message);
});
