import { NormalStream } from '@latent-dogs/latent';
import { Matrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { frechetDistance, type Gaussian, gaussianOf } from './frechet.ts';
import { reference, referenceFeatures } from './reference-values.fixture.ts';
import { rows } from './row-products.ts';

const gaussian = (mean: number[], covariance: number[][]): Gaussian => ({
  mean: Float64Array.from(mean),
  covariance: new Matrix(covariance),
});

test('between Gaussians with covariances that commute: by hand', () => {
  // Independent dimensions: squared differences of means and of standard deviations.
  const a = gaussian(
    [1, 2, 3],
    [
      [4, 0, 0],
      [0, 9, 0],
      [0, 0, 1],
    ],
  );
  const b = gaussian(
    [3, 2, 1],
    [
      [1, 0, 0],
      [0, 16, 0],
      [0, 0, 0],
    ],
  );
  expect(frechetDistance(a, b)).toBeCloseTo(4 + 0 + 4 + (2 - 1) ** 2 + (3 - 4) ** 2 + (1 - 0) ** 2, 10);
  expect(frechetDistance(a, a)).toBeCloseTo(0, 10);
});

test('between Gaussians in two dimensions: tr of the root from determinant and trace', () => {
  const [A, B] = [
    [
      [2, 0.7],
      [0.7, 1],
    ],
    [
      [1, -0.4],
      [-0.4, 3],
    ],
  ];
  const product = new Matrix(A).mmul(new Matrix(B));
  // Of a 2x2 matrix with positive eigenvalues, (tr √M)² = tr M + 2 √det M.
  const determinant = product.get(0, 0) * product.get(1, 1) - product.get(0, 1) * product.get(1, 0);
  const root = Math.sqrt(product.trace() + 2 * Math.sqrt(determinant));
  expect(frechetDistance(gaussian([0, 0], A), gaussian([0, 0], B))).toBeCloseTo(3 + 4 - 2 * root, 10);
});

test('between sets of features: as numpy and scipy compute it, also for fewer rows than dimensions', () => {
  const changed = (count: number) => {
    const { values, length } = referenceFeatures(count, 24, 100_003);
    return rows(
      values.map((value) => value * 1.5 + 0.25),
      length,
    );
  };
  const distance = frechetDistance(gaussianOf(referenceFeatures(200, 24, 0)), gaussianOf(changed(150)));
  expect(distance).toBeCloseTo(reference.frechet, 4);
  const few = frechetDistance(gaussianOf(referenceFeatures(16, 24, 0)), gaussianOf(changed(20)));
  expect(few).toBeCloseTo(reference.frechetFew, 3);
});

test('mean and covariance of a set of features: by hand', () => {
  const { mean, covariance } = gaussianOf(rows(Float32Array.of(1, 10, 3, 20, 5, 60), 2));
  expect(mean[0]).toBeCloseTo(3, 10);
  expect(mean[1]).toBeCloseTo(30, 10);
  // Deviations of -2, 0, 2 and of -20, -10, 30; their products are summed and divided by 3 - 1.
  expect(covariance.get(0, 0)).toBeCloseTo(8 / 2, 10);
  expect(covariance.get(1, 1)).toBeCloseTo(1400 / 2, 10);
  expect(covariance.get(0, 1)).toBeCloseTo(100 / 2, 10);
  expect(covariance.get(1, 0)).toBeCloseTo(100 / 2, 10);
});

test('rotating the features changes nothing, shifting them adds the square', () => {
  const draw = (seed: number, scale: number) => {
    const values = new NormalStream(seed).fill(new Float32Array(400 * 2));
    return rows(
      values.map((value, i) => value * (i % 2 === 0 ? scale : 1)),
      2,
    );
  };
  const turn = (all: ReturnType<typeof rows>, shift = 0) =>
    rows(
      all.values.map((_, i) => {
        const [x, y] = [all.values[i - (i % 2)]!, all.values[i - (i % 2) + 1]!];
        return (i % 2 === 0 ? 0.8 * x - 0.6 * y : 0.6 * x + 0.8 * y) + shift;
      }),
      2,
    );
  const [a, b] = [draw(1, 3), draw(2, 1)];
  const distance = frechetDistance(gaussianOf(a), gaussianOf(b));
  expect(frechetDistance(gaussianOf(turn(a)), gaussianOf(turn(b)))).toBeCloseTo(distance, 4);
  const shifted = frechetDistance(
    gaussianOf(a),
    gaussianOf(
      rows(
        a.values.map((value) => value + 5),
        2,
      ),
    ),
  );
  expect(shifted).toBeCloseTo(50, 3);
});
