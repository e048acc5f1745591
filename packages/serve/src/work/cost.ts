/** @module What a new picture costs, for rate limits and queues. */

import type { PictureQuery } from '../parameters/queries.ts';

/** Dogs of 64x64 pixels that one unit pays for. */
const DOGS_PER_UNIT = 4;

/** What a dog's pixels cost, relative to those of a PNG: lossy encoders take about twice as long. */
const LOSSY = 2;
const LOSSY_FORMATS: readonly PictureQuery['format'][] = ['webp', 'jpeg', 'avif'];

/**
 * Units of CPU time: 1 for up to 4 dogs of 64x64 pixels, which take about 5 ms on Node. A PNG of 256 pixels takes five
 * times as long as one of 64: three quarters of a small dog's time are spent on the generator, and the rest grows with
 * the pixels. The largest animation, 64 frames of 256x256, costs 76 as PNG and 140 as WebP.
 */
export function pictureCost(query: PictureQuery): number {
  // Only their places are told.
  if ('seeds' in query && query.format === 'json') return 0;
  const dogs = 'seeds' in query ? query.seeds.length : 'frames' in query ? query.frames : 1;
  const weight = LOSSY_FORMATS.includes(query.format) ? LOSSY : 1;
  return Math.ceil((dogs * (0.75 + 0.25 * weight * (query.size / 64) ** 2)) / DOGS_PER_UNIT);
}

/** Units that a client may spend at once, and again within each minute. */
export const UNITS_PER_MINUTE = 240;
