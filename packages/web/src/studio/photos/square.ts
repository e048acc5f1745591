/** @module The square of a photo that training sees. */

/** In pixels of the upright photo: left and top edge, and side. Whole numbers. */
export interface Square {
  x: number;
  y: number;
  side: number;
}

export interface Extent {
  width: number;
  height: number;
}

/** Squares with a shorter side are refused: enlarged, they would teach blur. */
export const LEAST_SIDE = 64;

/** A first guess of the square, such as the face that a detector finds; null: it finds none. */
export type GuessSquare = (photo: ImageBitmap) => Promise<Square | null>;

/** The largest square, in the middle. */
export function centreSquare({ width, height }: Extent): Square {
  const side = Math.min(width, height);
  return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), side };
}

/** The nearest legal square: whole pixels, inside the photo, at least 64 wide. */
export function legalSquare({ x, y, side }: Square, { width, height }: Extent): Square {
  const clamp = (value: number, least: number, most: number) => Math.round(Math.min(most, Math.max(least, value)));
  const legalSide = clamp(side, LEAST_SIDE, Math.min(width, height));
  return { x: clamp(x, 0, width - legalSide), y: clamp(y, 0, height - legalSide), side: legalSide };
}

/** A square with another side around the same centre. */
export function resizedSquare(square: Square, side: number, extent: Extent): Square {
  const legalSide = legalSquare({ ...square, side }, extent).side;
  const half = (square.side - legalSide) / 2;
  return legalSquare({ x: square.x + half, y: square.y + half, side: legalSide }, extent);
}
