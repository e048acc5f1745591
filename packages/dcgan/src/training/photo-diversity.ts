/** @module The diversity of the photos, which the guard compares the fakes' with. */
import { deriveSeed, type PictureSource } from '@latent-dogs/latent';
import { DataOrder } from './data-order.ts';

const MEASURED = 256;

/**
 * Diversity of photos: standard deviation over a random sample of 256, mean over pixels and channels, in units of [-1, 1],
 * as `StepNumbers.diversity` measures it for fakes.
 */
export async function photoDiversity(photos: PictureSource, seed: number): Promise<number> {
  const order = new DataOrder({ count: photos.count, seed: deriveSeed(seed, 'reals') });
  const values = 3 * photos.size ** 2;
  const pixels = new Uint8Array(MEASURED * values);
  await photos.read(order.next(MEASURED), pixels);
  let total = 0;
  for (let at = 0; at < values; at++) {
    let sum = 0;
    let squares = 0;
    for (let i = at; i < pixels.length; i += values) {
      const x = pixels[i]! / 127.5 - 1;
      sum += x;
      squares += x * x;
    }
    total += Math.sqrt(Math.max(0, squares / MEASURED - (sum / MEASURED) ** 2));
  }
  return total / values;
}
