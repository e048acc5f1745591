/** @module A grid of pictures as one picture. */

/** A picture, uint8 [height, width, 4] RGBA. */
export interface Picture {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Arranges squares, uint8 [size, size, 4], row by row, `columns` wide; the rest of an unfinished row is transparent. */
export function pictureGrid(squares: readonly Uint8Array[], size: number, columns: number): Picture {
  const across = Math.min(columns, squares.length);
  const width = across * size;
  const height = Math.ceil(squares.length / across) * size;
  const pixels = new Uint8Array(4 * width * height);
  for (const [n, square] of squares.entries()) {
    const left = (n % across) * size;
    const top = Math.floor(n / across) * size;
    for (let row = 0; row < size; row++) {
      pixels.set(square.subarray(4 * row * size, 4 * (row + 1) * size), 4 * ((top + row) * width + left));
    }
  }
  return { pixels, width, height };
}
