/** @module The small evaluation during training: cheap, and always of the same z, so that its curve shows progress. */

import { deriveSeed, NormalStream, type PictureSource, UniformStream } from '@latent-dogs/latent';
import type { Runtime } from '@latent-dogs/tfjs-onnx';
import { frechetDistance, type Gaussian, gaussianOf } from './frechet.ts';
import { meanMsSsim } from './ms-ssim.ts';
import { readPictures } from './nearest-photos.ts';
import { pictures, quantised } from './pictures.ts';
import { RandomFeatures } from './random-features.ts';
import { type PatchDistributions, SlicedWasserstein, slicedWassersteinDistance } from './sliced-wasserstein.ts';

const FAKES = 512;
const PHOTOS = 1_024;
/** Batch size of `Sample`. */
const SAMPLES = 64;

/** The settings that the evaluated pictures depend on besides G. */
interface Sampling {
  readonly seed: number;
  readonly size: number;
  readonly latent: number;
}

/** Pictures of z [64, latent]: float32 [64, H, W, 3] in [-1, 1]. */
export type Sample = (z: Float32Array) => Promise<Float32Array>;

/**
 * One number for the evaluations of a run: the geometric mean of `frechetRandom` and `swd.mean`. It does not depend on their
 * units, so a change of 10 % in either counts the same. Lower is better. NaN if one of them is missing.
 */
export const distanceToPhotos = (metrics: Readonly<Record<string, number>>): number =>
  Math.sqrt((metrics['frechetRandom'] ?? Number.NaN) * (metrics['swd.mean'] ?? Number.NaN));

export class RunningEvaluation {
  readonly #config: Sampling;
  readonly #fakes: number;
  readonly #sliced: SlicedWasserstein;
  readonly #random: RandomFeatures;
  #patches!: PatchDistributions;
  #gaussian!: Gaussian;

  private constructor(config: Sampling, fakes: number, sliced: SlicedWasserstein, random: RandomFeatures) {
    this.#config = config;
    this.#fakes = fakes;
    this.#sliced = sliced;
    this.#random = random;
  }

  /**
   * Random choices depend only on the run's seed and do not affect the random numbers of training.
   *
   * @param fakes number of pictures, a multiple of 64. Figures of different numbers of pictures are not comparable.
   */
  static async create(
    runtime: Runtime,
    dataset: PictureSource,
    config: Sampling,
    fakes = FAKES,
  ): Promise<RunningEvaluation> {
    const sliced = await SlicedWasserstein.create(runtime, deriveSeed(config.seed, 'evaluation'));
    const stream = new UniformStream(deriveSeed(config.seed, 'evaluation photos'));
    const count = Math.min(PHOTOS, dataset.count);
    const indices = Array.from({ length: count }, (_, i) =>
      count === dataset.count ? i : stream.nextInt(dataset.count),
    );
    const evaluation = new RunningEvaluation(config, fakes, sliced, await RandomFeatures.create(runtime));
    const photos = await readPictures(dataset, indices);
    evaluation.#patches = await sliced.describe(photos, 'photos');
    evaluation.#gaussian = gaussianOf(await evaluation.#random.of(photos));
    return evaluation;
  }

  /** Sliced Wasserstein distances times 1,000 by level, Fréchet distance of random features, and MS-SSIM. The z are always the same. */
  async of(sample: Sample): Promise<Record<string, number>> {
    const { seed, size, latent } = this.#config;
    const noise = new NormalStream(deriveSeed(seed, 'evaluation z'));
    const pixels = new Uint8Array(this.#fakes * 3 * size * size);
    for (let from = 0; from < this.#fakes; from += SAMPLES) {
      const batch = await sample(noise.fill(new Float32Array(SAMPLES * latent)));
      pixels.set(quantised(batch), from * 3 * size * size);
    }
    const fakes = pictures(pixels, size);
    const distances = slicedWassersteinDistance(this.#patches, await this.#sliced.describe(fakes, 'fakes'));
    return {
      ...Object.fromEntries(Object.entries(distances).map(([level, distance]) => [`swd.${level}`, distance])),
      frechetRandom: frechetDistance(this.#gaussian, gaussianOf(await this.#random.of(fakes))),
      msSsim: meanMsSsim(fakes, this.#fakes / 2, deriveSeed(seed, 'evaluation pairs')),
    };
  }

  async dispose(): Promise<void> {
    await this.#sliced.dispose();
    await this.#random.dispose();
  }
}
