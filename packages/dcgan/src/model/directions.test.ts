import { NormalStream } from '@latent-dogs/latent';
import { expect, test } from 'vitest';
import { smallConfig, trainedTensors } from '../testing/trained-tensors.ts';
import { principalDirections } from './directions.ts';
import { foldGenerator } from './fold-generator.ts';

const config = smallConfig({ emaImages: 0 });
const folded = foldGenerator(config, trainedTensors(config));
const directions = principalDirections(folded, 10);
const { weights } = folded.projection;
const features = weights.length / config.latent;

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** z·W */
const activations = (z: ArrayLike<number>) =>
  Float64Array.from({ length: features }, (_, f) => {
    let sum = 0;
    for (let i = 0; i < config.latent; i++) sum += z[i]! * weights[i * features + f]!;
    return sum;
  });

const squaredNorm = (vector: ArrayLike<number>) => dot(vector, vector);

test('they are unit vectors at right angles', () => {
  expect(directions).toHaveLength(10);
  for (const [i, a] of directions.entries()) {
    for (const [j, b] of directions.entries()) expect(dot(a.vector, b.vector)).toBeCloseTo(i === j ? 1 : 0, 9);
  }
});

test('each explains less of the activations than the one before, and as much as it says', () => {
  // The variance of z·W for z ~ N(0, I): along a unit vector, and in all.
  const along = directions.map(({ vector }) => squaredNorm(activations(vector)));
  const all = squaredNorm(weights);
  for (let k = 1; k < along.length; k++) expect(along[k]!).toBeLessThan(along[k - 1]!);
  for (const [k, { explained }] of directions.entries()) expect(explained).toBeCloseTo(along[k]! / all, 6);
});

test('a step along the first changes the activations more than along any other', () => {
  const stream = new NormalStream(3);
  const first = squaredNorm(activations(directions[0]!.vector));
  for (let i = 0; i < 200; i++) {
    const random = stream.fill(new Float32Array(config.latent));
    expect(squaredNorm(activations(random)) / squaredNorm(random)).toBeLessThan(first);
  }
});

test('steps along two of them change the activations at right angles', () => {
  const [a, b] = [activations(directions[0]!.vector), activations(directions[1]!.vector)];
  expect(dot(a, b) / Math.sqrt(squaredNorm(a) * squaredNorm(b))).toBeCloseTo(0, 6);
});

test('the sign is always the same: the largest number is positive', () => {
  for (const { vector } of directions) {
    const largest = vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    expect(largest).toBeGreaterThan(0);
  }
});

test('there are no more than z has numbers', () => {
  const tiny = smallConfig({ emaImages: 0, latent: 3 });
  expect(principalDirections(foldGenerator(tiny, trainedTensors(tiny)), 10)).toHaveLength(3);
});
