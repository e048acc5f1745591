import { NormalStream } from '@latent-dogs/latent';
import { describe, expect, test } from 'vitest';
import { LineDistributions } from './line-distributions.ts';
import { reference, referenceFeatures } from './reference-values.fixture.ts';

/** One line. */
function distribution(values: Float32Array): LineDistributions {
  const line = new LineDistributions(1);
  line.add(values, values.length);
  return line;
}

/** As many of each, sorted and paired. */
function bySorting(a: Float32Array, b: Float32Array): number {
  const [x, y] = [a.slice().sort(), b.slice().sort()];
  return x.reduce((sum, value, i) => sum + Math.abs(value - y[i]!), 0) / x.length;
}

const normal = (seed: number, count: number, scale = 1, shift = 0) =>
  new NormalStream(seed).fill(new Float32Array(count)).map((value) => value * scale + shift);

describe('distance is that of the sorted values', () => {
  test.each<[string, Float32Array, Float32Array]>([
    ['shifted', normal(1, 5_000), normal(2, 5_000, 1, 0.3)],
    ['wider', normal(1, 5_000), normal(2, 5_000, 1.2)],
    ['of one distribution', normal(1, 20_000), normal(2, 20_000)],
    ['a few, far beyond the bins', Float32Array.of(-100, -20, 0, 14, 30), Float32Array.of(-50, -13, 1, 20, 90)],
    ['on either side of everything', Float32Array.of(-100, -90), Float32Array.of(90, 100)],
    ['single values', Float32Array.of(0.25), Float32Array.of(-1.5)],
  ])('%s', (_, a, b) => {
    const expected = bySorting(a, b);
    const distance = distribution(a).distance(distribution(b));
    expect(distance).toBeGreaterThan(expected * 0.998);
    expect(distance).toBeLessThan(expected * (1 + 1e-6));
  });
});

test('of different numbers of values it is what scipy says', () => {
  const squares = referenceFeatures(300, 1, 99_991).values.map((value) => value ** 2);
  const distance = distribution(referenceFeatures(500, 1, 7).values).distance(distribution(squares));
  expect(distance).toBeCloseTo(reference.wasserstein, 4);
});

test('lines are told apart, and values come in any portions', () => {
  const [a, b] = [new LineDistributions(2), new LineDistributions(2)];
  a.add(Float32Array.of(0, 1, 9, 5, 6, 9), 2);
  a.add(Float32Array.of(2, 7), 1);
  b.add(Float32Array.of(0.5, 1.5, 2.5, 5, 6, 7), 3);
  expect(a.distance(b)).toBeCloseTo((0.5 + 0) / 2, 12);
  expect(a.distance(a)).toBe(0);
});
