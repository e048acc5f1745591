/** @module Interpolation between points of the latent space; the same bits in every JavaScript engine. */

import { arcTangent, sine } from './portable-math.ts';
import { UserError } from './user-error.ts';

/** Radians. If two vectors are closer to opposite than this, float32 rounding hides the plane they span. */
const LOST_PLANE = 1e-6;

/** Radians. Closer to opposite than this, White's weights amplify a difference in norms more than 50-fold. */
const NEARLY_OPPOSITE = 0.01;

function norm(z: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of z) sum += value * value;
  return Math.sqrt(sum);
}

/** Angle between two vectors of known norms, radians, 0 to pi; unlike an arc cosine, accurate at both ends. */
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

/** Unit vector of the coordinate axis along which |z| is smallest. */
function leastAxis(z: Float32Array): Float32Array {
  let axis = 0;
  for (let i = 1; i < z.length; i++) if (Math.abs(z[i]!) < Math.abs(z[axis]!)) axis = i;
  return z.map((_, i) => (i === axis ? 1 : 0));
}

/** The unit vector perpendicular to z, in the half plane of `toward`. */
function perpendicular(z: Float32Array, toward: Float32Array): Float64Array {
  let along = 0;
  let squares = 0;
  for (let i = 0; i < z.length; i++) {
    along += z[i]! * toward[i]!;
    squares += z[i]! * z[i]!;
  }
  const aside = Float64Array.from(z, (value, i) => toward[i]! - (along / squares) * value);
  const length = norm(aside);
  return aside.map((value) => value / length);
}

/**
 * Spherical interpolation (T. White, "Sampling Generative Networks", 2016): a point on the arc from a to b. Its norm
 * stays typical of N(0, I), while a straight line would pass through points that N(0, I) rarely produces.
 * Parallel vectors and zero vectors are interpolated linearly. For nearly opposite vectors White's weights diverge, so
 * the radius of the arc is interpolated linearly instead. Exactly opposite vectors span no plane and use a fixed half circle.
 *
 * @param a float32 [latentSize]
 * @param b float32 [latentSize]
 * @param t from 0 (exactly a) to 1 (exactly b)
 * @returns a new float32 [latentSize]
 * @throws RangeError for different sizes; UserError for t outside [0, 1]
 */
export function slerp(a: Float32Array, b: Float32Array, t: number): Float32Array<ArrayBuffer> {
  if (a.length !== b.length)
    throw new RangeError(`slerp needs vectors of equal size; got ${a.length} and ${b.length}.`);
  if (!(t >= 0 && t <= 1)) throw new UserError(`t = ${t} is invalid: it must be a number from 0 to 1.`);
  if (t === 0) return a.slice();
  if (t === 1) return b.slice();

  const normA = norm(a);
  const normB = norm(b);
  const angle = normA === 0 || normB === 0 ? 0 : angleBetween(a, normA, b, normB);
  if (angle === 0 || a.length === 1) return Float32Array.from(a, (value, i) => (1 - t) * value + t * b[i]!);

  const opposite = Math.PI - angle;
  if (opposite < NEARLY_OPPOSITE) {
    const aside = perpendicular(a, opposite < LOST_PLANE ? leastAxis(a) : b);
    const radius = (1 - t) * normA + t * normB;
    const alongA = (radius * sine(Math.PI / 2 - t * angle)) / normA;
    const alongAside = radius * sine(t * angle);
    return Float32Array.from(a, (value, i) => alongA * value + alongAside * aside[i]!);
  }
  const weightA = sine((1 - t) * angle) / sine(angle);
  const weightB = sine(t * angle) / sine(angle);
  return Float32Array.from(a, (value, i) => weightA * value + weightB * b[i]!);
}

/**
 * n points along the path through all vectors of zs in order, from zs[0] to the last one, evenly spaced by `slerp`.
 *
 * @param zs at least 2 vectors, float32 [latentSize] each
 * @param n number of points, at least 2
 * @throws RangeError for fewer vectors or points
 */
export function slerpPath(zs: readonly Float32Array[], n: number): Float32Array<ArrayBuffer>[] {
  if (zs.length < 2) throw new RangeError(`A path needs at least 2 vectors; got ${zs.length}.`);
  if (!Number.isInteger(n) || n < 2) throw new RangeError(`A path has at least 2 points; got ${n}.`);
  const legs = zs.length - 1;
  return Array.from({ length: n }, (_, i) => {
    const position = (i * legs) / (n - 1);
    const leg = Math.min(Math.floor(position), legs - 1);
    return slerp(zs[leg]!, zs[leg + 1]!, position - leg);
  });
}

/**
 * Scales z by psi: below 1 plainer dogs (safer, less varied), above 1 wilder ones. Near 0 they blur, since no z of training was that short.
 *
 * @param psi truncation, 0 to 2
 * @returns a new float32 [latentSize]
 * @throws UserError for psi outside its range
 */
export function truncate(z: Float32Array, psi: number): Float32Array<ArrayBuffer> {
  if (!(psi >= 0 && psi <= 2)) throw new UserError(`Truncation ${psi} is invalid: it must be a number from 0 to 2.`);
  return z.map((value) => value * psi);
}
