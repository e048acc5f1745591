/** @module Pictures as all metrics take them: 8 bits per channel like the photos, so that only what a PNG can show is measured. */
import { mirror } from '@latent-dogs/latent';

/** N RGB pictures. */
export interface Pictures {
  readonly count: number;
  /** H = W in pixels. */
  readonly size: number;
  /** [N, size, size, 3] */
  readonly pixels: Uint8Array;
}

/** @throws RangeError if `pixels` is not a whole number of pictures */
export function pictures(pixels: Uint8Array, size: number): Pictures {
  const count = pixels.length / (3 * size * size);
  if (!Number.isInteger(count)) throw new RangeError(`${pixels.length} bytes are not pictures of ${size}x${size}`);
  return { count, size, pixels };
}

/** Bytes of values in the networks' range [-1, 1], rounded and clipped. NaN becomes 0. */
export function quantised(values: Float32Array): Uint8Array {
  const bytes = new Uint8ClampedArray(values.length);
  for (let i = 0; i < values.length; i++) bytes[i] = (values[i]! + 1) * 127.5;
  return new Uint8Array(bytes.buffer);
}

/** Pictures `from` to `to` - 1, as a view. */
export function range({ size, pixels }: Pictures, from: number, to: number): Pictures {
  const bytes = 3 * size * size;
  return pictures(pixels.subarray(from * bytes, to * bytes), size);
}

/** A copy of the pictures with left and right swapped. */
export function mirrored({ count, size, pixels }: Pictures): Pictures {
  const turned = pixels.slice();
  mirror(turned, size);
  return { count, size, pixels: turned };
}

/**
 * Means of square blocks: float32 [N, size, size, 3], from 0 to 255 like the pixels.
 *
 * @throws RangeError if `size` does not divide the pictures' size
 */
export function shrunk({ count, size: from, pixels }: Pictures, size: number): Float32Array {
  const factor = from / size;
  if (!Number.isInteger(factor)) throw new RangeError(`pictures of ${from}x${from} do not shrink to ${size}x${size}`);
  const means = new Float32Array(count * size * size * 3);
  // Rows of all pictures are numbered through: `factor` divides the number of rows of a picture.
  for (let row = 0; row < count * from; row++) {
    const target = Math.floor(row / factor) * size;
    for (let x = 0; x < from; x++) {
      const [at, to] = [3 * (row * from + x), 3 * (target + Math.floor(x / factor))];
      for (let channel = 0; channel < 3; channel++) means[to + channel]! += pixels[at + channel]!;
    }
  }
  for (let i = 0; i < means.length; i++) means[i]! /= factor * factor;
  return means;
}
