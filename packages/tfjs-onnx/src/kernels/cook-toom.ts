/**
 * @module Short correlations with few products: the algorithm of Cook and Toom (Winograd 1980; Lavin & Gray 2015,
 * arXiv:1509.09308).
 *
 * m outputs y[v] = d[v]·g[0] + d[v + 1]·g[1] of a filter of two taps need n = m + 1 products instead of 2m:
 *
 *   y = output · ((filter · g) * (input · d))        * is element by element
 *
 * The products are values of polynomials at n points. Points with small numbers keep the rounding errors small.
 */

/** A matrix, row by row. */
export type Matrix = readonly (readonly number[])[];

export interface CookToom {
  /** m: outputs of one tile. */
  readonly outputs: number;
  /** n: products, and inputs of one tile. */
  readonly products: number;
  /** [m, n] */
  readonly output: Matrix;
  /** [n, 2] */
  readonly filter: Matrix;
  /** [n, n] */
  readonly input: Matrix;
}

/** Coefficients, from the constant on, of the polynomial with these roots. */
function withRoots(roots: readonly number[]): number[] {
  let polynomial = [1];
  for (const root of roots)
    polynomial = [0, ...polynomial].map((coefficient, i) => coefficient - root * (polynomial[i] ?? 0));
  return polynomial;
}

/** @param points m different numbers; infinity is added as the last point. */
export function cookToom(points: readonly number[]): CookToom {
  const [m, n] = [points.length, points.length + 1];
  const others = points.map((point) => points.filter((other) => other !== point));
  const padded = (row: readonly number[]) => Array.from({ length: n }, (_, i) => row[i] ?? 0);
  const divisors = points.map((point, k) => others[k]!.reduce((product, other) => product * (point - other), 1));
  return {
    outputs: m,
    products: n,
    output: Array.from({ length: m }, (_, v) => [...points.map((point) => point ** v), v === m - 1 ? 1 : 0]),
    filter: [...points.map((point, k) => [1 / divisors[k]!, point / divisors[k]!]), [0, 1]],
    input: [...others.map((roots) => padded(withRoots(roots))), padded(withRoots(points))],
  };
}

export const transposed = (matrix: Matrix): Matrix => matrix[0]!.map((_, column) => matrix.map((row) => row[column]!));

/** The matrix that does `a` along rows and `b` along columns of a grid, whose cells are taken row by row. */
export const kronecker = (a: Matrix, b: Matrix): Matrix =>
  a.flatMap((rowA) => b.map((rowB) => rowA.flatMap((x) => rowB.map((y) => x * y))));
