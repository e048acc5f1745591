import type { Config } from './settings.ts';

/**
 * Factor of both learning rates at the step after `imagesSeen`: 1, then linearly down to 0 over the last `decayImages` of
 * `images`. Like a longer moving average, decay lets the weights settle.
 */
export function decay({ images, decayImages }: Pick<Config, 'images' | 'decayImages'>, imagesSeen: number): number {
  return decayImages === 0 ? 1 : Math.min(1, Math.max(0, images - imagesSeen) / decayImages);
}
