/** @module Ways between points of the latent space; the same bits in every JavaScript engine. */

import { arcTangent, sine } from './portable-math.ts';
import { UserError } from './user-error.ts';

/** Closer than this to (anti)parallel, radians, the plane of two float32 vectors is lost in their rounding. */
const SMALLEST_ANGLE = 1e-6;

function norm(z: Float32Array): number {
  let sum = 0;
  for (const value of z) sum += value * value;
  return Math.sqrt(sum);
}

/** Angle between two vectors of known norms, radians, 0 to pi; accurate at both ends, where an arc cosine is not. */
function angleBetween(a: Float32Array, normA: number, b: Float32Array, normB: number): number {
  let difference = 0;
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const unitA = a[i]! / normA;
    const unitB = b[i]! / normB;
    difference += (unitA - unitB) * (unitA - unitB);
    sum += (unitA + unitB) * (unitA + unitB);
  }
  return difference <= sum
    ? 2 * arcTangent(Math.sqrt(difference / sum))
    : Math.PI - 2 * arcTangent(Math.sqrt(sum / difference));
}

/** A unit vector at right angles to z: the axis z has least of, less its part along z. */
function perpendicular(z: Float32Array, normZ: number): Float64Array {
  let axis = 0;
  for (let i = 1; i < z.length; i++) if (Math.abs(z[i]!) < Math.abs(z[axis]!)) axis = i;
  const along = z[axis]! / normZ;
  const length = Math.sqrt(1 - along * along);
  return Float64Array.from(z, (value, i) => ((i === axis ? 1 : 0) - (along * value) / normZ) / length);
}

/**
 * Spherical interpolation (T. White, "Sampling Generative Networks", 2016): a point on the arc from a to b, so that its norm stays
 * typical of N(0, I), where a straight line would cut through the thinly populated middle.
 * Parallel vectors and zero vectors are interpolated linearly; opposite ones along a fixed half circle.
 *
 * @param a float32 [latentSize]
 * @param b float32 [latentSize]
 * @param t from 0 (exactly a) to 1 (exactly b)
 * @returns a new float32 [latentSize]
 * @throws RangeError for different sizes; UserError for t outside [0, 1]
 */
export function slerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  if (a.length !== b.length) throw new RangeError(`slerp needs vectors of one size; got ${a.length} and ${b.length}.`);
  if (!(t >= 0 && t <= 1)) throw new UserError(`t = ${t} is not legal: t is a number from 0 to 1.`);
  if (t === 0) return a.slice();
  if (t === 1) return b.slice();

  const normA = norm(a);
  const normB = norm(b);
  const angle = normA === 0 || normB === 0 ? 0 : angleBetween(a, normA, b, normB);
  if (Math.PI - angle < SMALLEST_ANGLE && a.length > 1) {
    const aside = perpendicular(a, normA);
    const radius = (1 - t) * normA + t * normB;
    const cosine = sine(Math.PI / 2 - t * Math.PI) / normA;
    return Float32Array.from(a, (value, i) => radius * (cosine * value + sine(t * Math.PI) * aside[i]!));
  }
  const straight = angle < SMALLEST_ANGLE || a.length === 1;
  const weightA = straight ? 1 - t : sine((1 - t) * angle) / sine(angle);
  const weightB = straight ? t : sine(t * angle) / sine(angle);
  return Float32Array.from(a, (value, i) => weightA * value + weightB * b[i]!);
}

/**
 * n points, evenly spread by `slerp`, on the way through all the points of zs in turn.
 * Open: the first is zs[0] and the last is the last of zs. Closed: the way returns to zs[0], which is not repeated, so that the
 * points play as a loop.
 *
 * @param zs at least 2 vectors, float32 [latentSize] each
 * @param n how many points, at least 2
 */
export function slerpPath(
  zs: readonly Float32Array[],
  n: number,
  { closed = false }: { closed?: boolean } = {},
): Float32Array[] {
  if (zs.length < 2) throw new RangeError(`A path needs at least 2 vectors; got ${zs.length}.`);
  if (!Number.isInteger(n) || n < 2) throw new RangeError(`A path has at least 2 points; got ${n}.`);
  const legs = closed ? zs.length : zs.length - 1;
  const steps = closed ? n : n - 1;
  return Array.from({ length: n }, (_, i) => {
    const position = (i * legs) / steps;
    const leg = Math.min(Math.floor(position), legs - 1);
    return slerp(zs[leg]!, zs[(leg + 1) % zs.length]!, position - leg);
  });
}

/**
 * Scales z by psi: below 1 nearer to the average dog (safer, less varied), above 1 further out.
 *
 * @param psi truncation, 0 to 1.5
 * @returns a new float32 [latentSize]
 * @throws UserError for psi outside its range
 */
export function truncate(z: Float32Array, psi: number): Float32Array {
  if (!(psi >= 0 && psi <= 1.5)) throw new UserError(`Truncation ${psi} is not legal: it is a number from 0 to 1.5.`);
  return z.map((value) => value * psi);
}
