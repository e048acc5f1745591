/** @module Mixing up to four latents. */

import { slerp } from './interpolate.ts';
import { UserError } from './user-error.ts';

/**
 * The point between four latents at the corners of a square: spherical interpolation along x, then along y. With fewer
 * latents, the last one also takes the remaining corners.
 *
 * @param zs 1 to 4 vectors, float32 [latentSize] each: upper left, upper right, lower left, lower right
 * @param place 0 to 1 each: x from left to right, y from top to bottom
 * @throws UserError for a place outside the square, or a wrong number of latents
 */
export function mix(
  zs: readonly Float32Array<ArrayBuffer>[],
  { x, y }: { x: number; y: number },
): Float32Array<ArrayBuffer> {
  if (zs.length < 1 || zs.length > 4) throw new UserError(`A mix has 1 to 4 dogs; got ${zs.length}.`);
  for (const [name, value] of Object.entries({ x, y })) {
    if (!(value >= 0 && value <= 1))
      throw new UserError(`${name} = ${value} is invalid: it must be a number from 0 to 1.`);
  }
  const corner = (i: number) => zs[Math.min(i, zs.length - 1)]!;
  return slerp(slerp(corner(0), corner(1), x), slerp(corner(2), corner(3), x), y);
}
