/** Pictures and features by whole-number formulas, the same in any language, and what numpy and scipy say of them. */
import { readFileSync } from 'node:fs';
import { type Pictures, pictures } from './pictures.ts';
import { type Rows, rows } from './row-products.ts';

export interface ReferenceValues {
  /** Picture 1 of 64x64, levels of its Laplacian pyramid: values at `pyramidPlaces`, and the sum of all absolute values. */
  pyramid: { size: number; values: number[]; absolute: number }[];
  msSsim: { first: number; second: number; size: number; value: number }[];
  /** Picture 1 and the same with three quarters of the contrast, and 20 brighter. */
  msSsimContrast: number;
  /** Features [200, 24] at 0, and [150, 24] at 100,003 times 1.5 plus 0.25. */
  frechet: number;
  /** The first 16 and 20 of them: fewer than dimensions. */
  frechetFew: number;
  /** The first 150 of each. */
  kernel: number;
  /** Features [500, 1] at 7, and the squares of [300, 1] at 99,991. */
  wasserstein: number;
}

export const reference = JSON.parse(
  readFileSync(new URL('reference-values.json', import.meta.url), 'utf8'),
) as ReferenceValues;

/** A byte of Knuth's multiplicative hash. */
const byte = (i: number) => Math.imul(i, 2_654_435_761) >>> 24;

/** Smooth waves with a quarter of noise. */
export function referencePicture(n: number, size: number): Pictures {
  const pixels = Uint8Array.from({ length: 3 * size * size }, (_, i) => {
    const [x, y, c] = [i % size, Math.floor(i / size) % size, Math.floor(i / size ** 2)];
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

export function pyramidPlaces(size: number): number[] {
  const last = size - 1;
  const places = [
    [0, 0, 0],
    [1, 0, last],
    [2, last, 0],
    [2, last, last],
    [1, 5, 9],
  ] as const;
  return places.map(([c, y, x]) => (c * size + y) * size + x);
}
