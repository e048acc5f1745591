/** Pixels 0..255 to the networks' range [-1, 1]: x / 127.5 - 1. `out` is as long as `images`. */
export function toFloat(images: Uint8Array, out: Float32Array): void {
  if (images.length !== out.length) throw new RangeError(`${images.length} pixels do not fit ${out.length} floats`);
  for (let i = 0; i < images.length; i++) out[i] = images[i]! / 127.5 - 1;
}

/** The same with the channels of each pixel side by side: uint8 [N,3,H,W] to float32 [N,H,W,3]. */
export function interleave(images: Uint8Array, out: Float32Array, count: number): void {
  if (images.length !== out.length || images.length % (3 * count) !== 0) {
    throw new RangeError(`${count} images of ${images.length} pixels do not fit ${out.length} floats`);
  }
  const plane = images.length / (3 * count);
  for (let image = 0; image < count; image++) {
    const from = image * 3 * plane;
    for (let pixel = 0; pixel < plane; pixel++) {
      const to = from + pixel * 3;
      out[to] = images[from + pixel]! / 127.5 - 1;
      out[to + 1] = images[from + plane + pixel]! / 127.5 - 1;
      out[to + 2] = images[from + 2 * plane + pixel]! / 127.5 - 1;
    }
  }
}
