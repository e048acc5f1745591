/** @module Laplacian pyramids (Burt & Adelson 1983) with the filter of Progressive GAN and OpenCV: 1 4 6 4 1. */

/**
 * Filters and halves pictures. Beyond the border they are mirrored.
 *
 * @param pixels [N, size, size, 3]
 * @returns [N, size/2, size/2, 3]
 */
export function halved(pixels: Float32Array, size: number): Float32Array {
  const half = size / 2;
  const [stride, halfStride] = [3 * size, 3 * half];
  const at = (i: number) => (i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i);
  type Taps = [number, number, number, number, number];
  const taps = (step: number) =>
    Array.from({ length: half }, (_, i) => [-2, -1, 0, 1, 2].map((offset) => step * at(2 * i + offset)) as Taps);
  const [columns, lines] = [taps(3), taps(halfStride)];
  const out = new Float32Array(pixels.length / 4);
  const rows = new Float32Array(size * halfStride);
  for (let picture = 0; picture < pixels.length / (size * stride); picture++) {
    for (let y = 0; y < size; y++) {
      const row = (picture * size + y) * stride;
      for (let x = 0; x < half; x++) {
        const [a, b, c, d, e] = columns[x]!;
        for (let channel = 0; channel < 3; channel++) {
          const from = row + channel;
          const sides = pixels[from + a]! + pixels[from + e]! + 4 * (pixels[from + b]! + pixels[from + d]!);
          rows[y * halfStride + 3 * x + channel] = (sides + 6 * pixels[from + c]!) / 16;
        }
      }
    }
    for (let y = 0; y < half; y++) {
      const [a, b, c, d, e] = lines[y]!;
      const to = (picture * half + y) * halfStride;
      for (let i = 0; i < halfStride; i++) {
        out[to + i] = (rows[a + i]! + rows[e + i]! + 4 * (rows[b + i]! + rows[d + i]!) + 6 * rows[c + i]!) / 16;
      }
    }
  }
  return out;
}

/**
 * Doubles pictures: puts zeros between the pixels, then filters with four times the weight.
 *
 * @param pixels [N, size, size, 3]
 * @returns [N, 2 size, 2 size, 3]
 */
export function doubled(pixels: Float32Array, size: number): Float32Array {
  const [stride, wideStride] = [3 * size, 6 * size];
  const out = new Float32Array(pixels.length * 4);
  const rows = new Float32Array(size * wideStride);
  // Neighbours of a pixel. On the doubled grid, mirroring repeats the last pixel, but not the first.
  const before = (i: number) => (i === 0 ? 1 : i - 1);
  const after = (i: number) => (i === size - 1 ? size - 1 : i + 1);
  for (let picture = 0; picture < pixels.length / (size * stride); picture++) {
    for (let y = 0; y < size; y++) {
      const row = (picture * size + y) * stride;
      for (let x = 0; x < size; x++) {
        const [left, here, right] = [row + 3 * before(x), row + 3 * x, row + 3 * after(x)];
        const to = y * wideStride + 6 * x;
        for (let channel = 0; channel < 3; channel++) {
          const c = pixels[here + channel]!;
          const r = pixels[right + channel]!;
          rows[to + channel] = (pixels[left + channel]! + 6 * c + r) / 8;
          rows[to + 3 + channel] = (c + r) / 2;
        }
      }
    }
    for (let y = 0; y < size; y++) {
      const [up, here, down] = [before(y) * wideStride, y * wideStride, after(y) * wideStride];
      const to = 2 * (picture * size + y) * wideStride;
      for (let i = 0; i < wideStride; i++) {
        out[to + i] = (rows[up + i]! + 6 * rows[here + i]! + rows[down + i]!) / 8;
        out[to + wideStride + i] = (rows[here + i]! + rows[down + i]!) / 2;
      }
    }
  }
  return out;
}

/**
 * Yields the levels of the pyramid, the full size first. Each level is a picture minus the doubled next smaller one; the
 * last level is the smallest picture itself.
 *
 * @param pixels [N, size, size, 3]
 * @param smallest size at which to stop
 */
export function* laplacianLevels(
  pixels: Float32Array,
  size: number,
  smallest: number,
): Generator<{ size: number; pixels: Float32Array }> {
  let [current, side] = [pixels, size];
  while (side / 2 >= smallest) {
    const next = halved(current, side);
    const difference = doubled(next, side / 2);
    for (let i = 0; i < difference.length; i++) difference[i] = current[i]! - difference[i]!;
    yield { size: side, pixels: difference };
    [current, side] = [next, side / 2];
  }
  yield { size: side, pixels: current };
}
