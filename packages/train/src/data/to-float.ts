/** Pixels 0..255 to the networks' range [-1, 1]: x / 127.5 - 1. `out` is as long as `images`. */
export function toFloat(images: Uint8Array, out: Float32Array): void {
  if (images.length !== out.length) throw new RangeError(`${images.length} pixels do not fit ${out.length} floats`);
  for (let i = 0; i < images.length; i++) out[i] = images[i]! / 127.5 - 1;
}
