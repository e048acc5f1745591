import type { Face } from './targets.ts';

/** A square part of a picture, in whole pixels. */
export interface Square {
  /** Left edge. */
  readonly x: number;
  /** Top edge. */
  readonly y: number;
  readonly side: number;
}

/**
 * The square of a face in a picture of width x height pixels, whose area is that of the face's box: side² = side · width ·
 * side · height. A square that is larger than the picture becomes smaller, and one that reaches over an edge is moved inside.
 */
export function squareOf(face: Face, width: number, height: number): Square {
  const wanted = Math.round(face.side * Math.sqrt(width * height));
  const side = Math.max(1, Math.min(wanted, width, height));
  const inside = (centre: number, length: number) =>
    Math.max(0, Math.min(Math.round(centre * length - side / 2), length - side));
  return { x: inside(face.x, width), y: inside(face.y, height), side };
}
