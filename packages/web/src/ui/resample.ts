/**
 * @module Resizes pictures with the Catmull-Rom kernel (Keys, "Cubic convolution interpolation for digital image
 * processing", 1981, a = -1/2), so that a dog is equally sharp in every browser, on the page and in every saved file.
 *
 * Works on the sRGB levels as they are, like Pillow's BICUBIC, with the same kernel: at the edges the weights that fall
 * outside are left out and the others scaled to a sum of 1; for a smaller picture the kernel is as much wider.
 */
import type { Pixels } from '../engine/dog-maker.ts';

/** The kernel: 1 at 0, 0 at the other integers and beyond 2. */
function catmullRom(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

interface Weights {
  /** How many source pixels make one pixel. */
  taps: number;
  /** First source pixel of each pixel. */
  starts: Int32Array;
  /** [side, taps], each row with the sum 1. */
  values: Float32Array;
}

function weightsFor(from: number, to: number): Weights {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const taps = Math.min(from, scale <= 1 ? 4 : Math.ceil(4 * stretch) + 1);
  const starts = new Int32Array(to);
  const values = new Float32Array(to * taps);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    const start = Math.min(from - taps, Math.max(0, Math.floor(centre - 2 * stretch + 0.5)));
    starts[i] = start;
    const row = values.subarray(i * taps, (i + 1) * taps);
    let sum = 0;
    for (let k = 0; k < taps; k++) sum += row[k] = catmullRom((start + k + 0.5 - centre) / stretch);
    for (let k = 0; k < taps; k++) row[k]! /= sum;
  }
  return { taps, starts, values };
}

const known = new Map<string, Weights>();

function weights(from: number, to: number): Weights {
  const key = `${from}/${to}`;
  const found = known.get(key) ?? weightsFor(from, to);
  known.set(key, found);
  return found;
}

let wide = new Float32Array(0);

/**
 * @param pixels RGBA [size, size, 4]; its alpha is ignored
 * @param side width and height of the result, pixels
 * @param into RGBA [side, side, 4] to write to
 * @returns RGBA [side, side, 4], opaque
 */
export function resample(pixels: Pixels, side: number, into: Pixels = new Uint8ClampedArray(4 * side * side)): Pixels {
  const size = Math.sqrt(pixels.length / 4);
  if (size === side) {
    into.set(pixels);
    return into;
  }
  const { taps, starts, values } = weights(size, side);
  const length = 3 * side;
  if (wide.length < size * length) wide = new Float32Array(size * length);
  // Rows first: [size, side, 3].
  for (let y = 0; y < size; y++) {
    let at = y * length;
    for (let x = 0; x < side; x++) {
      let r = 0;
      let g = 0;
      let b = 0;
      let from = 4 * (y * size + starts[x]!);
      for (let k = x * taps; k < (x + 1) * taps; k++, from += 4) {
        const weight = values[k]!;
        r += weight * pixels[from]!;
        g += weight * pixels[from + 1]!;
        b += weight * pixels[from + 2]!;
      }
      wide[at++] = r;
      wide[at++] = g;
      wide[at++] = b;
    }
  }
  // A whole pixel is written at once; all browsers run on little-endian processors.
  const packed = new Uint32Array(into.buffer, into.byteOffset, side * side);
  for (let y = 0; y < side; y++) {
    const from = starts[y]! * length;
    if (taps === 4) {
      fourRows(packed, y * side, side, from, values, 4 * y);
      continue;
    }
    for (let x = 0, i = from; x < side; x++, i += 3) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let k = 0, at = i; k < taps; k++, at += length) {
        const weight = values[y * taps + k]!;
        r += weight * wide[at]!;
        g += weight * wide[at + 1]!;
        b += weight * wide[at + 2]!;
      }
      packed[y * side + x] = pack(r, g, b);
    }
  }
  return into;
}

const level = (value: number) => (value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0);
const pack = (r: number, g: number, b: number) => 0xff000000 | (level(b) << 16) | (level(g) << 8) | level(r);

/** One row of an enlarged picture, the case that must be fast: 60 of them a second. */
function fourRows(packed: Uint32Array, to: number, side: number, from: number, values: Float32Array, weight: number) {
  const length = 3 * side;
  const a = values[weight]!;
  const b = values[weight + 1]!;
  const c = values[weight + 2]!;
  const d = values[weight + 3]!;
  let i = from;
  let j = from + length;
  let k = j + length;
  let l = k + length;
  const t = wide;
  for (let x = 0; x < side; x++, i += 3, j += 3, k += 3, l += 3) {
    packed[to + x] = pack(
      a * t[i]! + b * t[j]! + c * t[k]! + d * t[l]!,
      a * t[i + 1]! + b * t[j + 1]! + c * t[k + 1]! + d * t[l + 1]!,
      a * t[i + 2]! + b * t[j + 2]! + c * t[k + 2]! + d * t[l + 2]!,
    );
  }
}
