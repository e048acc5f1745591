/**
 * @module Multi-scale structural similarity (Wang et al. 2003) between pairs of pictures, which measures how similar a GAN's
 * pictures are to each other (Odena et al. 2017, arXiv:1610.09585). The details follow Progressive GAN's code: five scales, a
 * Gaussian window of 11 pixels that is smaller for pictures smaller than that, and negative similarities count as 0.
 */
import { UniformStream } from '@latent-dogs/latent';
import { type Pictures, range } from './pictures.ts';

const WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];
const WINDOW = 11;
const SIGMA = 1.5;
/** (k · 255)² */
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/**
 * MS-SSIM of two pictures: 1 if they are equal, about 0 if they have nothing in common.
 *
 * @param a uint8 [size, size, 3], like `b`
 * @param size at least 16
 */
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

/** Mean MS-SSIM over `pairs` random pairs of different pictures. A higher value than that of photos means less variety. */
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

/** Means over all windows and channels of SSIM, and of its factor for contrast and structure. `a` and `b`: [size, size, 3]. */
function compare(a: Float64Array, b: Float64Array, size: number): { similarity: number; contrast: number } {
  const window = gaussian(Math.min(WINDOW, size));
  const [meanA, meanB] = [filtered(a, size, window), filtered(b, size, window)];
  const meanOfProduct = (x: Float64Array, y: Float64Array) =>
    filtered(
      x.map((value, i) => value * y[i]!),
      size,
      window,
    );
  const [meanAA, meanBB, meanAB] = [meanOfProduct(a, a), meanOfProduct(b, b), meanOfProduct(a, b)];
  let similarity = 0;
  let contrast = 0;
  for (let channel = 0; channel < 3; channel++) {
    for (let i = channel; i < meanA.length; i += 3) {
      const squares = meanA[i]! ** 2 + meanB[i]! ** 2;
      const product = meanA[i]! * meanB[i]!;
      const structure = (2 * (meanAB[i]! - product) + C2) / (meanAA[i]! + meanBB[i]! - squares + C2);
      contrast += structure;
      similarity += ((2 * product + C1) / (squares + C1)) * structure;
    }
  }
  return { similarity: similarity / meanA.length, contrast: contrast / meanA.length };
}

function gaussian(length: number): Float64Array {
  const sigma = (SIGMA * length) / WINDOW;
  const weights = Float64Array.from({ length }, (_, i) => Math.exp(-((i - (length - 1) / 2) ** 2) / (2 * sigma ** 2)));
  const sum = weights.reduce((total, weight) => total + weight);
  return weights.map((weight) => weight / sum);
}

/** Weighted means over all positions of the window inside the picture: [size, size, 3] -> [out, out, 3]. */
function filtered(picture: Float64Array, size: number, window: Float64Array): Float64Array {
  const out = size - window.length + 1;
  const stride = 3 * out;
  const rows = new Float64Array(size * stride);
  for (let y = 0; y < size; y++) {
    for (let k = 0; k < window.length; k++) {
      const [weight, from] = [window[k]!, 3 * (y * size + k)];
      for (let i = 0; i < stride; i++) rows[y * stride + i]! += weight * picture[from + i]!;
    }
  }
  const means = new Float64Array(out * stride);
  for (let y = 0; y < out; y++) {
    for (let k = 0; k < window.length; k++) {
      const [weight, from] = [window[k]!, (y + k) * stride];
      for (let i = 0; i < stride; i++) means[y * stride + i]! += weight * rows[from + i]!;
    }
  }
  return means;
}

/** Means of blocks of 2x2 pixels: [size, size, 3] -> [size/2, size/2, 3]. */
function blockMeans(picture: Float64Array, size: number): Float64Array {
  const [half, stride] = [size / 2, 3 * size];
  const out = new Float64Array(picture.length / 4);
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < half; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const at = 2 * y * stride + 6 * x + channel;
        out[(y * half + x) * 3 + channel] =
          (picture[at]! + picture[at + 3]! + picture[at + stride]! + picture[at + stride + 3]!) / 4;
      }
    }
  }
  return out;
}
