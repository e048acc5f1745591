/**
 * @module Sliced Wasserstein distance between patches of Laplacian pyramids (Karras et al. 2018, arXiv:1710.10196, section 5 and
 * appendix). The levels near the full size measure texture and sharpness, the level of 16 measures large structure.
 */

import { deriveSeed, NormalStream, UniformStream } from '@latent-dogs/latent';
import type { Runtime } from '@latent-dogs/tfjs-onnx';
import { laplacianLevels } from './laplacian-pyramid.ts';
import { LineDistributions } from './line-distributions.ts';
import type { Pictures } from './pictures.ts';
import { RowProducts } from './row-products.ts';

const SMALLEST = 16;
const SIDE = 7;
const PATCHES = 128;
/** The paper uses 4 repeats of 128; their mean is the mean over all 512. */
const DIRECTIONS = 512;
const LENGTH = 3 * SIDE * SIDE;
/** Patches projected in one matrix product. */
const BLOCK = 4_096;

/** Distributions of the projected patches, one per direction, by the size of the level in pixels. */
export type PatchDistributions = ReadonlyMap<number, LineDistributions>;

export class SlicedWasserstein {
  readonly #directions: Float32Array;
  readonly #products: RowProducts;
  readonly #seed: number;

  private constructor(directions: Float32Array, products: RowProducts, seed: number) {
    this.#directions = directions;
    this.#products = products;
    this.#seed = seed;
  }

  /** `seed` determines the directions and the positions of the patches, so that the same pictures get the same distance. */
  static async create(runtime: Runtime, seed: number): Promise<SlicedWasserstein> {
    const directions = new NormalStream(deriveSeed(seed, 'directions')).fill(new Float32Array(DIRECTIONS * LENGTH));
    for (let from = 0; from < directions.length; from += LENGTH) {
      const direction = directions.subarray(from, from + LENGTH);
      const length = Math.hypot(...direction);
      for (let i = 0; i < LENGTH; i++) direction[i]! /= length;
    }
    return new SlicedWasserstein(directions, await RowProducts.create(runtime, DIRECTIONS, BLOCK, LENGTH), seed);
  }

  /** Different `purpose`s draw patches at different positions. */
  async describe({ count, size, pixels }: Pictures, purpose: 'photos' | 'fakes'): Promise<PatchDistributions> {
    const distributions = new Map<number, LineDistributions>();
    for (const level of laplacianLevels(Float32Array.from(pixels), size, SMALLEST)) {
      const stream = new UniformStream(deriveSeed(this.#seed, `${purpose} ${level.size}`));
      const corners = patchCorners(count, level.size, stream);
      distributions.set(level.size, await this.#project(level.pixels, level.size, corners));
    }
    return distributions;
  }

  async #project(pixels: Float32Array, size: number, corners: Int32Array): Promise<LineDistributions> {
    const scales = [0, 1, 2].map((channel) => channelScale(pixels, size, corners, channel));
    const projected = new LineDistributions(DIRECTIONS);
    for (let from = 0; from < corners.length; from += BLOCK) {
      const block = new Float32Array(BLOCK * LENGTH);
      const inBlock = corners.subarray(from, from + BLOCK);
      copyPatches(pixels, size, inBlock, scales, block);
      projected.add(await this.#products.of(this.#directions, block), inBlock.length);
    }
    return projected;
  }

  async dispose(): Promise<void> {
    await this.#products.dispose();
  }
}

/** Distances times 1,000 by the size of the level, and their `mean`. 0 for equal distributions; lower is better. */
export function slicedWassersteinDistance(a: PatchDistributions, b: PatchDistributions): Record<string, number> {
  const levels = [...a].map(([size, distributions]): [string, number] => [
    String(size),
    1_000 * distributions.distance(b.get(size)!),
  ]);
  const mean = levels.reduce((sum, [, distance]) => sum + distance, 0) / levels.length;
  return { ...Object.fromEntries(levels), mean };
}

/** Number of each patch's upper left pixel, counted over all pictures. */
function patchCorners(count: number, size: number, stream: UniformStream): Int32Array {
  const place = () => stream.nextInt(size - SIDE + 1);
  return Int32Array.from({ length: count * PATCHES }, (_, i) => {
    const picture = Math.floor(i / PATCHES) * size * size;
    return picture + place() * size + place();
  });
}

interface Scale {
  mean: number;
  deviation: number;
}

/** Mean and deviation of a channel over all patches. The paper normalises by them, so that overall colour and contrast don't count. */
function channelScale(pixels: Float32Array, size: number, corners: Int32Array, channel: number): Scale {
  let sum = 0;
  let squares = 0;
  for (const corner of corners) {
    for (let y = 0; y < SIDE; y++) {
      const from = 3 * (corner + y * size) + channel;
      for (let x = 0; x < SIDE; x++) {
        const value = pixels[from + 3 * x]!;
        sum += value;
        squares += value * value;
      }
    }
  }
  const N = corners.length * SIDE * SIDE;
  const mean = sum / N;
  // The deviation of one-coloured pictures is 0, but must not divide by 0.
  return { mean, deviation: Math.sqrt(Math.max(squares / N - mean * mean, 1e-12)) };
}

/** Writes normalised patches to `out` [patches, 3, 7, 7], channel after channel as in the paper's code. */
function copyPatches(
  pixels: Float32Array,
  size: number,
  corners: Int32Array,
  scales: readonly Scale[],
  out: Float32Array,
): void {
  let to = 0;
  for (const corner of corners) {
    for (let channel = 0; channel < 3; channel++) {
      const { mean, deviation } = scales[channel]!;
      for (let y = 0; y < SIDE; y++) {
        const from = 3 * (corner + y * size) + channel;
        for (let x = 0; x < SIDE; x++) out[to++] = (pixels[from + 3 * x]! - mean) / deviation;
      }
    }
  }
}
