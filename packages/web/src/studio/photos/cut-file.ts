/** @module A photo's square as training sees it: RGB bytes at both sizes that a model can have, in one file. */

/** Sizes of models, pixels. */
export const SIZES = [64, 128] as const;
export type Size = (typeof SIZES)[number];

const bytesOf = (size: number) => 3 * size * size;

/** The bytes of the file: [64, 64, 3], then [128, 128, 3]. */
export function joinCuts(cuts: Readonly<Record<Size, Uint8Array>>): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(bytesOf(64) + bytesOf(128));
  file.set(cuts[64]);
  file.set(cuts[128], bytesOf(64));
  return file;
}

/** The view of one size, [size, size, 3]. */
export function cutOf(file: Uint8Array, size: Size): Uint8Array {
  return size === 64 ? file.subarray(0, bytesOf(64)) : file.subarray(bytesOf(64), bytesOf(64) + bytesOf(128));
}
