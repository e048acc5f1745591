/** @module Resampling by area: each pixel of the result is the mean of the part of the source that it covers. */

/**
 * @param source RGBA bytes [side, side, 4]; alpha is ignored.
 * @param size H = W of the result. If it is larger than `side`, pixels are repeated with mixed edges.
 * @returns RGB bytes [size, size, 3]
 */
export function areaAverage(
  source: Uint8ClampedArray | Uint8Array,
  side: number,
  size: number,
): Uint8Array<ArrayBuffer> {
  const spans = Array.from({ length: size }, (_, i) => span(i, side / size));
  // Columns first: [side, size, 3].
  const narrow = new Float32Array(side * size * 3);
  for (let y = 0; y < side; y++) {
    for (let column = 0; column < size; column++) {
      const { first, weights } = spans[column]!;
      let at = 4 * (y * side + first);
      let red = 0;
      let green = 0;
      let blue = 0;
      for (const weight of weights) {
        red += weight * source[at]!;
        green += weight * source[at + 1]!;
        blue += weight * source[at + 2]!;
        at += 4;
      }
      const to = 3 * (y * size + column);
      narrow[to] = red;
      narrow[to + 1] = green;
      narrow[to + 2] = blue;
    }
  }
  const out = new Uint8Array(size * size * 3);
  const row = new Float32Array(size * 3);
  for (let y = 0; y < size; y++) {
    const { first, weights } = spans[y]!;
    row.fill(0);
    for (const [i, weight] of weights.entries()) {
      const from = (first + i) * size * 3;
      for (let at = 0; at < row.length; at++) row[at]! += weight * narrow[from + at]!;
    }
    for (let at = 0; at < row.length; at++) out[y * row.length + at] = Math.round(row[at]!);
  }
  return out;
}

/** The source pixels that pixel `i` covers, and the share of each; the shares sum to 1. `scale`: source pixels per pixel. */
function span(i: number, scale: number): { first: number; weights: number[] } {
  const from = i * scale;
  const to = from + scale;
  const first = Math.floor(from);
  const last = Math.max(first, Math.ceil(to - 1e-9) - 1);
  const weights: number[] = [];
  for (let at = first; at <= last; at++) weights.push((Math.min(at + 1, to) - Math.max(at, from)) / scale);
  return { first, weights };
}
