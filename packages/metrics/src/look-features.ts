/** @module Coarse features for finding copies of photos: colours and edges in large cells, which a small shift hardly changes. */
import { type Pictures, shrunk } from './pictures.ts';
import { type Rows, rows } from './row-products.ts';

/** Mean colours of 8x8 blocks. */
const COLOURS = 8 * 8 * 3;
/** Strengths of edges of 4 orientations in 8x8 cells of the picture at 32x32. */
const ORIENTATIONS = 4;
const EDGES = ORIENTATIONS * 8 * 8;
export const LOOK = COLOURS + EDGES;

export interface LookScale {
  colours: number;
  edges: number;
}

/** Features [N, 448], multiplied by `scale`. The pictures' size must be a multiple of 32. */
export function lookFeatures(pictures: Pictures, scale: LookScale = { colours: 1, edges: 1 }): Rows {
  const colours = shrunk(pictures, 8);
  const grey = luminance(shrunk(pictures, 32));
  const values = new Float32Array(pictures.count * LOOK);
  for (let n = 0; n < pictures.count; n++) {
    const look = values.subarray(n * LOOK, (n + 1) * LOOK);
    for (let i = 0; i < COLOURS; i++) look[i] = colours[n * COLOURS + i]! * scale.colours;
    edges(grey.subarray(n * 32 * 32, (n + 1) * 32 * 32), look.subarray(COLOURS));
    for (let i = COLOURS; i < LOOK; i++) look[i]! *= scale.edges;
  }
  return rows(values, LOOK);
}

/** The scale at which colours and edges have the same weight and random pictures are 1 apart (root mean square). */
export function lookScale({ count, values }: Rows): LookScale {
  const factor = (from: number, to: number) => {
    let variance = 0;
    for (let i = from; i < to; i++) {
      let sum = 0;
      let squares = 0;
      for (let n = 0; n < count; n++) {
        sum += values[n * LOOK + i]!;
        squares += values[n * LOOK + i]! ** 2;
      }
      variance += squares / count - (sum / count) ** 2;
    }
    // The mean squared distance of two pictures is twice the variance; colours and edges contribute half of it each.
    return 1 / Math.sqrt(4 * Math.max(variance, 1e-12));
  };
  return { colours: factor(0, COLOURS), edges: factor(COLOURS, LOOK) };
}

/** Greys of RGB pixels by ITU-R BT.601. */
function luminance(pixels: Float32Array): Float32Array {
  const greys = new Float32Array(pixels.length / 3);
  for (let i = 0; i < greys.length; i++)
    greys[i] = 0.299 * pixels[3 * i]! + 0.587 * pixels[3 * i + 1]! + 0.114 * pixels[3 * i + 2]!;
  return greys;
}

/** Sums of gradient strengths in each 4x4 cell of 32x32 greys. A gradient is shared between the nearest two of 4 orientations. */
function edges(grey: Float32Array, out: Float32Array): void {
  for (let y = 1; y < 31; y++) {
    for (let x = 1; x < 31; x++) {
      const dx = grey[y * 32 + x + 1]! - grey[y * 32 + x - 1]!;
      const dy = grey[(y + 1) * 32 + x]! - grey[(y - 1) * 32 + x]!;
      const angle = (((Math.atan2(dy, dx) + Math.PI) % Math.PI) / Math.PI) * ORIENTATIONS;
      const lower = Math.floor(angle) % ORIENTATIONS;
      const share = angle - Math.floor(angle);
      const cell = (Math.floor(y / 4) * 8 + Math.floor(x / 4)) * ORIENTATIONS;
      const strength = Math.hypot(dx, dy);
      out[cell + lower]! += strength * (1 - share);
      out[cell + ((lower + 1) % ORIENTATIONS)]! += strength * share;
    }
  }
}
