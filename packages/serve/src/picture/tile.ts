/** @module Joins pictures into a grid. */

import type { Picture } from './picture.ts';

/**
 * Lays out pictures of equal size row by row, `columns` wide; the rest of the last row is transparent.
 *
 * @param pictures at least one, all of one size
 */
export function tile(pictures: readonly Picture[], columns: number): Picture {
  const { width: across, height: down } = pictures[0]!;
  const width = across * columns;
  const height = down * Math.ceil(pictures.length / columns);
  const data = new Uint8ClampedArray(4 * width * height);
  for (const [index, picture] of pictures.entries()) {
    const left = (index % columns) * across;
    const top = Math.floor(index / columns) * down;
    for (let row = 0; row < down; row++) {
      data.set(picture.data.subarray(4 * row * across, 4 * (row + 1) * across), 4 * ((top + row) * width + left));
    }
  }
  return { data, width, height };
}
