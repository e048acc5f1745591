/**
 * @module Sliced Wasserstein distance between patches of Laplacian pyramids (Karras et al. 2018, arXiv:1710.10196, section 5 and
 * appendix). A level near the full size speaks of texture and sharpness, the level of 16 of large structure.
 */
import { deriveSeed, NormalStream, UniformStream } from '@latent-dogs/latent';
import { laplacianLevels } from './laplacian-pyramid.ts';
import { LineDistributions } from './line-distributions.ts';
import type { Pictures } from './pictures.ts';
import { RowProducts } from './row-products.ts';

const SMALLEST = 16;
const SIDE = 7;
const PATCHES = 128;
/** The paper's 4 repeats of 128, whose mean is that of all of them. */
const DIRECTIONS = 512;
const LENGTH = 3 * SIDE * SIDE;
/** Patches projected at once. */
const BLOCK = 4_096;

/** The projected patches of a set of pictures, a distribution a direction, by the level's size in pixels. */
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

  /** `seed` chooses directions and places of patches: the same seed and pictures, the same number. */
  static async create(seed: number): Promise<SlicedWasserstein> {
    const directions = new NormalStream(deriveSeed(seed, 'directions')).fill(new Float32Array(DIRECTIONS * LENGTH));
    for (let from = 0; from < directions.length; from += LENGTH) {
      const direction = directions.subarray(from, from + LENGTH);
      const length = Math.hypot(...direction);
      for (let i = 0; i < LENGTH; i++) direction[i]! /= length;
    }
    return new SlicedWasserstein(directions, await RowProducts.create(DIRECTIONS, BLOCK, LENGTH), seed);
  }

  /** `purpose` gives sets that will be compared patches in places of their own. */
  async describe({ count, size, pixels }: Pictures, purpose: 'photos' | 'fakes'): Promise<PatchDistributions> {
    const distributions = new Map<number, LineDistributions>();
    for (const level of laplacianLevels(Float32Array.from(pixels), size, SMALLEST)) {
      const stream = new UniformStream(deriveSeed(this.#seed, `${purpose} ${level.size}`));
      const corners = patchCorners(count, level.size, stream);
      distributions.set(level.size, await this.#project(level.planes, level.size, corners));
    }
    return distributions;
  }

  async #project(planes: Float32Array, size: number, corners: Int32Array): Promise<LineDistributions> {
    const scales = channelScales(planes, size, corners);
    const projected = new LineDistributions(DIRECTIONS);
    for (let from = 0; from < corners.length; from += BLOCK) {
      const block = new Float32Array(BLOCK * LENGTH);
      const inBlock = corners.subarray(from, from + BLOCK);
      copyPatches(planes, size, inBlock, scales, block);
      projected.add(await this.#products.of(this.#directions, block), inBlock.length);
    }
    return projected;
  }

  async dispose(): Promise<void> {
    await this.#products.dispose();
  }
}

/** Distance times 1,000 by the level's size, and `mean` of the levels. 0 for equal sets; lower is better. */
export function slicedWassersteinDistance(a: PatchDistributions, b: PatchDistributions): Record<string, number> {
  const levels = [...a].map(([size, distributions]): [string, number] => [
    String(size),
    1_000 * distributions.distance(b.get(size)!),
  ]);
  const mean = levels.reduce((sum, [, distance]) => sum + distance, 0) / levels.length;
  return { ...Object.fromEntries(levels), mean };
}

/** Index of each patch's upper left value in the first plane of its picture. */
function patchCorners(count: number, size: number, stream: UniformStream): Int32Array {
  const place = () => stream.nextInt(size - SIDE + 1);
  return Int32Array.from({ length: count * PATCHES }, (_, i) => {
    const picture = Math.floor(i / PATCHES) * 3 * size * size;
    return picture + place() * size + place();
  });
}

interface Scale {
  mean: number;
  deviation: number;
}

/** Of all patches' values in each channel; the paper normalises by these, so that overall colour and contrast don't count. */
function channelScales(planes: Float32Array, size: number, corners: Int32Array): Scale[] {
  return [0, 1, 2].map((channel) => channelScale(planes, size, corners, channel * size * size));
}

function channelScale(planes: Float32Array, size: number, corners: Int32Array, offset: number): Scale {
  let sum = 0;
  let squares = 0;
  for (let patch = 0; patch < corners.length; patch++) {
    const from = corners[patch]! + offset;
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        const value = planes[from + y * size + x]!;
        sum += value;
        squares += value * value;
      }
    }
  }
  const N = corners.length * SIDE * SIDE;
  const mean = sum / N;
  // One-coloured pictures have no deviation, and are all 0 whatever it is.
  return { mean, deviation: Math.sqrt(Math.max(squares / N - mean * mean, 1e-12)) };
}

function copyPatches(
  planes: Float32Array,
  size: number,
  corners: Int32Array,
  scales: readonly Scale[],
  out: Float32Array,
): void {
  let to = 0;
  for (const corner of corners) {
    for (let channel = 0; channel < 3; channel++) {
      const { mean, deviation } = scales[channel]!;
      const from = corner + channel * size * size;
      for (let y = 0; y < SIDE; y++) {
        for (let x = 0; x < SIDE; x++) out[to++] = (planes[from + y * size + x]! - mean) / deviation;
      }
    }
  }
}
