import type { Config } from './config.ts';

/**
 * What the learning rates of the step after `imagesSeen` are multiplied by: 1, and over the last `decayImages` of `images` less and
 * less, linearly, towards 0 at the end. The noise of constant rates leaves the weights, as it does with a longer average.
 */
export function decay({ images, decayImages }: Pick<Config, 'images' | 'decayImages'>, imagesSeen: number): number {
  return decayImages === 0 ? 1 : Math.min(1, Math.max(0, images - imagesSeen) / decayImages);
}
