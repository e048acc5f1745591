/** @module From a seed to a point in the latent space. */

import { NormalStream } from './random-stream.ts';

/**
 * The point z ~ N(0, I) of a seed: float32 [latentSize], the same bits in every JavaScript engine (docs/decisions/0001).
 * A longer z of the same seed starts with the shorter one.
 *
 * @param seed unsigned 32-bit integer, see `parseSeed`
 * @param latentSize length of z, at least 1
 * @throws RangeError for a seed or latent size outside these ranges
 * @example
 * latentFromSeed(parseSeed('luna'), 100);
 */
export function latentFromSeed(seed: number, latentSize: number): Float32Array<ArrayBuffer> {
  if (!Number.isInteger(latentSize) || latentSize < 1) {
    throw new RangeError(`The latent size must be an integer of at least 1; got ${latentSize}.`);
  }
  return new NormalStream(seed).fill(new Float32Array(latentSize));
}
