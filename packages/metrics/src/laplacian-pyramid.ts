/** @module Laplacian pyramids (Burt & Adelson 1983), with the filter of Progressive GAN's and OpenCV's: 1 4 6 4 1. */

/** Planes [P, size, size] filtered and halved to [P, size/2, size/2]; beyond the border they are mirrored. */
export function halved(planes: Float32Array, size: number): Float32Array {
  const half = size / 2;
  const at = (i: number) => (i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i);
  const taps = Array.from({ length: half }, (_, i) => [-2, -1, 0, 1, 2].map((offset) => at(2 * i + offset)));
  const out = new Float32Array(planes.length / 4);
  const rows = new Float32Array(size * half);
  for (let plane = 0; plane < planes.length / size ** 2; plane++) {
    const from = plane * size * size;
    for (let y = 0; y < size; y++) {
      const row = from + y * size;
      for (let x = 0; x < half; x++) {
        const [a, b, c, d, e] = taps[x] as [number, number, number, number, number];
        rows[y * half + x] =
          (planes[row + a]! + planes[row + e]! + 4 * (planes[row + b]! + planes[row + d]!) + 6 * planes[row + c]!) / 16;
      }
    }
    for (let y = 0; y < half; y++) {
      const [a, b, c, d, e] = taps[y]!.map((line) => line * half) as [number, number, number, number, number];
      for (let x = 0; x < half; x++) {
        out[plane * half * half + y * half + x] =
          (rows[a + x]! + rows[e + x]! + 4 * (rows[b + x]! + rows[d + x]!) + 6 * rows[c + x]!) / 16;
      }
    }
  }
  return out;
}

/** Planes [P, size, size] doubled: zeros put between, then filtered with four times the weight. */
export function doubled(planes: Float32Array, size: number): Float32Array {
  const wide = 2 * size;
  const out = new Float32Array(planes.length * 4);
  const rows = new Float32Array(wide * size);
  // Mirrored on the larger grid, the last value meets itself and the first its neighbour.
  const before = (i: number) => (i === 0 ? 1 : i - 1);
  const after = (i: number) => (i === size - 1 ? size - 1 : i + 1);
  for (let plane = 0; plane < planes.length / size ** 2; plane++) {
    const from = plane * size * size;
    for (let y = 0; y < size; y++) {
      const row = from + y * size;
      for (let x = 0; x < size; x++) {
        const [l, c, r] = [planes[row + before(x)]!, planes[row + x]!, planes[row + after(x)]!];
        rows[y * wide + 2 * x] = (l + 6 * c + r) / 8;
        rows[y * wide + 2 * x + 1] = (c + r) / 2;
      }
    }
    for (let y = 0; y < size; y++) {
      const [up, here, down] = [before(y) * wide, y * wide, after(y) * wide];
      const to = plane * wide * wide + 2 * y * wide;
      for (let x = 0; x < wide; x++) {
        out[to + x] = (rows[up + x]! + 6 * rows[here + x]! + rows[down + x]!) / 8;
        out[to + wide + x] = (rows[here + x]! + rows[down + x]!) / 2;
      }
    }
  }
  return out;
}

/** Level by level, the full size first: what each has and the next, doubled, has not; the last one is what is left. */
export function* laplacianLevels(
  planes: Float32Array,
  size: number,
  smallest: number,
): Generator<{ size: number; planes: Float32Array }> {
  let [current, side] = [planes, size];
  while (side / 2 >= smallest) {
    const next = halved(current, side);
    const coarse = doubled(next, side / 2);
    for (let i = 0; i < coarse.length; i++) coarse[i] = current[i]! - coarse[i]!;
    yield { size: side, planes: coarse };
    [current, side] = [next, side / 2];
  }
  yield { size: side, planes: current };
}
