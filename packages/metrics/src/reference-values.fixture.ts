/** Pictures and features from integer formulas, the same in any language, and what numpy and scipy compute from them. */
import { readFileSync } from 'node:fs';
import { type Pictures, pictures } from './pictures.ts';
import { type Rows, rows } from './row-products.ts';

export interface ReferenceValues {
  /** Levels of the Laplacian pyramid of picture 1 at 64x64: values at `pyramidPlaces`, and the sum of all absolute values. */
  pyramid: { size: number; values: number[]; absolute: number }[];
  msSsim: { first: number; second: number; size: number; value: number }[];
  /** Of picture 1 and the same picture with three quarters of the contrast and 20 brighter. */
  msSsimContrast: number;
  /** Of features [200, 24] at offset 0, and features [150, 24] at offset 100,003 times 1.5 plus 0.25. */
  frechet: number;
  /** Of the first 16 and 20 of these: fewer rows than dimensions. */
  frechetFew: number;
  /** Of the first 150 of each. */
  kernel: number;
  /** Of features [500, 1] at offset 7, and the squares of [300, 1] at offset 99,991. */
  wasserstein: number;
}

export const reference = JSON.parse(
  readFileSync(new URL('reference-values.json', import.meta.url), 'utf8'),
) as ReferenceValues;

/** A byte of Knuth's multiplicative hash. */
const byte = (i: number) => Math.imul(i, 2_654_435_761) >>> 24;

/** Smooth waves with a quarter of noise, uint8 [size, size, 3]. */
export function referencePicture(n: number, size: number): Pictures {
  const pixels = Uint8Array.from({ length: 3 * size * size }, (_, i) => {
    const [x, y, c] = [Math.floor(i / 3) % size, Math.floor(i / 3 / size), i % 3];
    const smooth = ((x * x + 3 * y * y + 17 * n * x + 5 * c * y) >> 4) & 255;
    return (3 * smooth + byte(((n * 3 + c) * size + y) * size + x)) >> 2;
  });
  return pictures(pixels, size);
}

export function referenceFeatures(count: number, length: number, offset: number): Rows {
  const noise = Float64Array.from({ length: count * length }, (_, i) => byte(i + offset) / 255);
  const before = (i: number) => (i % length === 0 ? i + length - 1 : i - 1);
  return rows(
    Float32Array.from(noise, (value, i) => value + 0.5 * noise[before(i)]!),
    length,
  );
}

/** Indices of the corners and of one inner value in a picture [size, size, 3]. */
export function pyramidPlaces(size: number): number[] {
  const last = size - 1;
  const places = [
    [0, 0, 0],
    [1, 0, last],
    [2, last, 0],
    [2, last, last],
    [1, 5, 9],
  ] as const;
  return places.map(([c, y, x]) => (y * size + x) * 3 + c);
}
