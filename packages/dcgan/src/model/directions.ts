/**
 * @module Directions in z that change the pictures most: GANSpace (Härkönen et al. 2020, arXiv:2004.02546) on G's
 * first layer.
 *
 * GANSpace samples z, takes a principal component analysis of an early layer's activations, and regresses z on the
 * components. Before its ReLU the first layer is linear: activations a = z·W + b with z ~ N(0, I) have the covariance
 * W^T·W, and z regressed on the k-th component is the k-th eigenvector of W·W^T. So this needs no samples: the
 * result is the limit of infinitely many. W includes the batch norm.
 */
import { Matrix } from 'ml-matrix';
import { PCA } from 'ml-pca';
import type { FoldedGenerator } from './fold-generator.ts';

export interface Direction {
  /** Unit vector [latent], its largest number positive. */
  readonly vector: number[];
  /** Share of the activations' variance along it, 0 to 1. */
  readonly explained: number;
}

/** The strongest directions, strongest first, at right angles to each other; at most `count`, and at most `latent`. */
export function principalDirections({ config, projection }: FoldedGenerator, count: number): Direction[] {
  const W = Matrix.from1DArray(config.latent, projection.weights.length / config.latent, projection.weights);
  const analysis = new PCA(W.mmul(W.transpose()), { isCovarianceMatrix: true });
  const explained = analysis.getExplainedVariance();
  const loadings = analysis.getLoadings().to2DArray();
  return loadings.slice(0, count).map((vector, k) => ({ vector: facingUp(vector), explained: explained[k]! }));
}

/** The sign of an eigenvector is arbitrary; this fixes it. */
function facingUp(vector: number[]): number[] {
  const largest = vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
  return largest < 0 ? vector.map((value) => -value) : vector;
}
