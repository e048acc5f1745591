/** @module What a picture looks like from afar, for finding copies: colours and edges so coarse that a small shift changes little. */
import { type Pictures, shrunk } from './pictures.ts';
import { type Rows, rows } from './row-products.ts';

/** Colours of 8x8 blocks. */
const COLOURS = 3 * 8 * 8;
/** Strength of edges in 4 directions in 8x8 cells, of the picture at 32x32. */
const ORIENTATIONS = 4;
const EDGES = ORIENTATIONS * 8 * 8;
export const LOOK = COLOURS + EDGES;

export interface LookScale {
  colours: number;
  edges: number;
}

/** [N, 448] at the scale of `lookScale`, or unscaled. `size` of the pictures must be a multiple of 32. */
export function lookFeatures(pictures: Pictures, scale: LookScale = { colours: 1, edges: 1 }): Rows {
  const colours = shrunk(pictures, 8);
  const grey = luminance(shrunk(pictures, 32), 32 * 32);
  const values = new Float32Array(pictures.count * LOOK);
  for (let n = 0; n < pictures.count; n++) {
    const look = values.subarray(n * LOOK, (n + 1) * LOOK);
    for (let i = 0; i < COLOURS; i++) look[i] = colours[n * COLOURS + i]! * scale.colours;
    edges(grey.subarray(n * 32 * 32, (n + 1) * 32 * 32), look.subarray(COLOURS));
    for (let i = COLOURS; i < LOOK; i++) look[i]! *= scale.edges;
  }
  return rows(values, LOOK);
}

/** The scale at which colours and edges weigh the same and two pictures at random are 1 apart (root mean square). */
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
    // The mean squared distance of two is twice the variance, and each part shall have half of it.
    return 1 / Math.sqrt(4 * Math.max(variance, 1e-12));
  };
  return { colours: factor(0, COLOURS), edges: factor(COLOURS, LOOK) };
}

/** ITU-R BT.601 */
function luminance(planes: Float32Array, area: number): Float32Array {
  return Float32Array.from({ length: planes.length / 3 }, (_, i) => {
    const at = Math.floor(i / area) * 3 * area + (i % area);
    return 0.299 * planes[at]! + 0.587 * planes[at + area]! + 0.114 * planes[at + 2 * area]!;
  });
}

/** Gradients of 32x32 greys, each shared between the two nearest of 4 undirected orientations of its 4x4 cell. */
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
