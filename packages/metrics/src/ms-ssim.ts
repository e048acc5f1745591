/**
 * @module Multi-scale structural similarity (Wang et al. 2003) between pairs of pictures, as a measure of how alike a GAN's
 * pictures are (Odena et al. 2017, arXiv:1610.09585), with the details of Progressive GAN's code: five scales, a Gaussian
 * window of 11 pixels that shrinks with the picture, and no negative similarities.
 */
import { UniformStream } from '@latent-dogs/latent';
import { type Pictures, range } from './pictures.ts';

const WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];
const WINDOW = 11;
const SIGMA = 1.5;
/** (k · 255)² */
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/** MS-SSIM of two pictures, uint8 [3, size, size]: 1 where they are equal, about 0 where nothing is alike. `size` >= 16. */
export function msSsim(a: Uint8Array, b: Uint8Array, size: number): number {
  let x: Float64Array = Float64Array.from(a);
  let y: Float64Array = Float64Array.from(b);
  let side = size;
  let product = 1;
  for (const [scale, weight] of WEIGHTS.entries()) {
    const { similarity, contrast } = compare(x, y, side);
    product *= Math.max(0, scale === WEIGHTS.length - 1 ? similarity : contrast) ** weight;
    [x, y, side] = [blockMeans(x, side), blockMeans(y, side), side / 2];
  }
  return product;
}

/** Mean MS-SSIM over `pairs` random pairs of different pictures. Held against photos' own: higher is less varied. */
export function meanMsSsim(pictures: Pictures, pairs: number, seed: number): number {
  const { count, size } = pictures;
  const stream = new UniformStream(seed);
  let sum = 0;
  for (let i = 0; i < pairs; i++) {
    const first = stream.nextInt(count);
    const second = (first + 1 + stream.nextInt(count - 1)) % count;
    sum += msSsim(range(pictures, first, first + 1).pixels, range(pictures, second, second + 1).pixels, size);
  }
  return sum / pairs;
}

/** Means over all windows and channels of SSIM, and of its factor for contrast and structure. */
function compare(a: Float64Array, b: Float64Array, size: number): { similarity: number; contrast: number } {
  const window = gaussian(Math.min(WINDOW, size));
  const area = size * size;
  let similarity = 0;
  let contrast = 0;
  let count = 0;
  for (let channel = 0; channel < 3; channel++) {
    const x = a.subarray(channel * area, (channel + 1) * area);
    const y = b.subarray(channel * area, (channel + 1) * area);
    const filter = (value: (i: number) => number) => filtered(value, size, window);
    const meanX = filter((i) => x[i]!);
    const meanY = filter((i) => y[i]!);
    const meanXX = filter((i) => x[i]! * x[i]!);
    const meanYY = filter((i) => y[i]! * y[i]!);
    const meanXY = filter((i) => x[i]! * y[i]!);
    for (let i = 0; i < meanX.length; i++) {
      const squares = meanX[i]! ** 2 + meanY[i]! ** 2;
      const product = meanX[i]! * meanY[i]!;
      const structure = (2 * (meanXY[i]! - product) + C2) / (meanXX[i]! + meanYY[i]! - squares + C2);
      contrast += structure;
      similarity += ((2 * product + C1) / (squares + C1)) * structure;
    }
    count += meanX.length;
  }
  return { similarity: similarity / count, contrast: contrast / count };
}

function gaussian(length: number): Float64Array {
  const sigma = (SIGMA * length) / WINDOW;
  const weights = Float64Array.from({ length }, (_, i) => Math.exp(-((i - (length - 1) / 2) ** 2) / (2 * sigma ** 2)));
  const sum = weights.reduce((total, weight) => total + weight);
  return weights.map((weight) => weight / sum);
}

/** Windowed means wherever the whole window fits. */
function filtered(value: (i: number) => number, size: number, window: Float64Array): Float64Array {
  const out = size - window.length + 1;
  const rows = new Float64Array(size * out);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const here = value(y * size + x);
      // Scattered instead of gathered: each value is computed once.
      for (let k = Math.max(0, x - out + 1); k < window.length && k <= x; k++) {
        rows[y * out + x - k]! += window[k]! * here;
      }
    }
  }
  const means = new Float64Array(out * out);
  for (let y = 0; y < out; y++) {
    for (let k = 0; k < window.length; k++) {
      for (let x = 0; x < out; x++) means[y * out + x]! += window[k]! * rows[(y + k) * out + x]!;
    }
  }
  return means;
}

function blockMeans(planes: Float64Array, size: number): Float64Array {
  const half = size / 2;
  const out = new Float64Array(planes.length / 4);
  for (let row = 0; row < planes.length / size / 2; row++) {
    for (let x = 0; x < half; x++) {
      const at = 2 * row * size + 2 * x;
      out[row * half + x] = (planes[at]! + planes[at + 1]! + planes[at + size]! + planes[at + size + 1]!) / 4;
    }
  }
  return out;
}
