import { CELL, GRID } from './sizes.ts';

/** A face in a picture of any size. All numbers are shares of the picture's width and height, 0 to 1. */
export interface Face {
  /** Centre. */
  readonly x: number;
  readonly y: number;
  /** Geometric mean of the box's share of the width and its share of the height. */
  readonly side: number;
}

/** Standard deviation of the heat around a face's centre: a sixth of its side, but at least this many cells. */
const LEAST_DEVIATION = 0.6;

const cellOf = (share: number) => Math.min(GRID - 1, Math.max(0, Math.floor(share * GRID)));

/**
 * What the network should give for a picture with `faces`: [8, 8, 4]. Of each cell: heat, which is 1 in the cell of a
 * centre and falls off around it as a Gaussian; and place and log side, as the network gives them, of the face that heats
 * the cell most. All 0 for a picture without a face.
 */
export function faceTargets(faces: readonly Face[], out = new Float32Array(GRID * GRID * CELL)): Float32Array {
  out.fill(0);
  for (const { x, y, side } of faces) {
    const deviation = Math.max(LEAST_DEVIATION, (side * GRID) / 6);
    for (let row = 0; row < GRID; row++) {
      for (let column = 0; column < GRID; column++) {
        const squared = (row - cellOf(y)) ** 2 + (column - cellOf(x)) ** 2;
        const heat = Math.exp(-squared / (2 * deviation * deviation));
        const at = (row * GRID + column) * CELL;
        if (heat > out[at]!) out.set([heat, x * GRID - column - 0.5, y * GRID - row - 0.5, Math.log(side)], at);
      }
    }
  }
  return out;
}
