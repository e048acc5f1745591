/** @module Pictures as all metrics take them, 8 bits a channel like the photos: what a PNG cannot show is not measured. */

/** N RGB pictures, planar [N, 3, size, size]. */
export interface Pictures {
  readonly count: number;
  /** H = W in pixels. */
  readonly size: number;
  readonly pixels: Uint8Array;
}

/** @throws RangeError where `pixels` are not whole pictures. */
export function pictures(pixels: Uint8Array, size: number): Pictures {
  const count = pixels.length / (3 * size * size);
  if (!Number.isInteger(count)) throw new RangeError(`${pixels.length} bytes are not pictures of ${size}x${size}`);
  return { count, size, pixels };
}

/** From the networks' range [-1, 1], rounded and clipped; what is no number becomes black. */
export function quantised(values: Float32Array): Uint8ClampedArray {
  return Uint8ClampedArray.from(values, (value) => (value + 1) * 127.5);
}

/** Pictures `from` up to, without, `to`; not copied. */
export function range({ size, pixels }: Pictures, from: number, to: number): Pictures {
  const bytes = 3 * size * size;
  return pictures(pixels.subarray(from * bytes, to * bytes), size);
}

/** Left and right swapped. */
export function mirrored({ count, size, pixels }: Pictures): Pictures {
  const turned = pixels.slice();
  for (let row = 0; row < turned.length; row += size) turned.subarray(row, row + size).reverse();
  return { count, size, pixels: turned };
}

/** Means of square blocks: float32 [N, 3, size, size] on the same scale, 0 to 255. `size` must divide the pictures'. */
export function shrunk({ count, size: from, pixels }: Pictures, size: number): Float32Array {
  const factor = from / size;
  if (!Number.isInteger(factor)) throw new RangeError(`pictures of ${from}x${from} do not shrink to ${size}x${size}`);
  const means = new Float32Array(count * 3 * size * size);
  for (let i = 0; i < pixels.length; i++) {
    const x = i % from;
    const row = (i - x) / from;
    // A plane's rows follow the rows of the one before, and `factor` divides their number.
    means[Math.floor(row / factor) * size + Math.floor(x / factor)]! += pixels[i]!;
  }
  for (let i = 0; i < means.length; i++) means[i]! /= factor * factor;
  return means;
}
