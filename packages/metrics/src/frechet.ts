/** @module Fréchet distance between two sets of features, each approximated by a Gaussian (Dowson & Landau 1982; Heusel et al. 2017, arXiv:1706.08500). */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Rows } from './row-products.ts';

export interface Gaussian {
  /** [D] */
  mean: Float64Array;
  /** [D, D], unbiased: with N - 1 in the denominator. */
  covariance: Matrix;
}

/** Mean and covariance of the rows. */
export function gaussianOf({ count, length, values }: Rows): Gaussian {
  const mean = new Float64Array(length);
  for (let i = 0; i < values.length; i++) mean[i % length]! += values[i]! / count;
  const covariance = Array.from({ length }, () => new Float64Array(length));
  const centred = new Float64Array(length);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < length; i++) centred[i] = values[row * length + i]! - mean[i]!;
    for (let i = 0; i < length; i++) {
      const line = covariance[i]!;
      const value = centred[i]! / (count - 1);
      for (let j = 0; j <= i; j++) line[j]! += value * centred[j]!;
    }
  }
  for (let i = 0; i < length; i++) for (let j = 0; j < i; j++) covariance[j]![i] = covariance[i]![j]!;
  return { mean, covariance: new Matrix(covariance.map((line) => Array.from(line))) };
}

/** |μ₁ - μ₂|² + tr(Σ₁ + Σ₂ - 2 (Σ₁Σ₂)^½), in squared units of the features. 0 for equal Gaussians. */
export function frechetDistance(a: Gaussian, b: Gaussian): number {
  const shift = a.mean.reduce((sum, value, i) => sum + (value - b.mean[i]!) ** 2, 0);
  const distance = shift + a.covariance.trace() + b.covariance.trace() - 2 * traceOfRoot(a.covariance, b.covariance);
  return Math.max(0, distance);
}

/** tr (AB)^½. AB has the same eigenvalues as A^½ B A^½, which is symmetric, so they are real. */
function traceOfRoot(A: Matrix, B: Matrix): number {
  const root = squareRoot(A);
  const product = root.mmul(B).mmul(root);
  const symmetric = product.add(product.transpose()).mul(0.5);
  return eigen(symmetric).realEigenvalues.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
}

function squareRoot(A: Matrix): Matrix {
  const { eigenvectorMatrix, realEigenvalues } = eigen(A);
  const scaled = eigenvectorMatrix.clone().mulRowVector(realEigenvalues.map((value) => Math.sqrt(Math.max(0, value))));
  return scaled.mmul(eigenvectorMatrix.transpose());
}

const eigen = (A: Matrix) => new EigenvalueDecomposition(A, { assumeSymmetric: true });
