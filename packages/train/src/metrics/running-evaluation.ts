/** @module The small evaluation during training: cheap enough to be made often, the same each time, so that its curve shows progress. */
import { deriveSeed, NormalStream, UniformStream } from '@latent-dogs/latent';
import type { Config } from '../config.ts';
import type { Dataset } from '../data/dataset.ts';
import { SAMPLES } from '../gan.ts';
import { meanMsSsim } from './ms-ssim.ts';
import { readPictures } from './nearest-photos.ts';
import { pictures, quantised } from './pictures.ts';
import { type PatchDistributions, SlicedWasserstein, slicedWassersteinDistance } from './sliced-wasserstein.ts';

const FAKES = 512;
const PHOTOS = 1_024;
const PAIRS = 256;

/** Pictures of z [64, latent], as `Gan.sample` gives them. */
export type Sample = (z: Float32Array) => Promise<Float32Array>;

export class RunningEvaluation {
  readonly #config: Config;
  readonly #sliced: SlicedWasserstein;
  readonly #photos: PatchDistributions;

  private constructor(config: Config, sliced: SlicedWasserstein, photos: PatchDistributions) {
    this.#config = config;
    this.#sliced = sliced;
    this.#photos = photos;
  }

  /** All that is random hangs on the run's seed alone, and takes nothing from the streams that training draws from. */
  static async create(dataset: Dataset, config: Config): Promise<RunningEvaluation> {
    const sliced = await SlicedWasserstein.create(deriveSeed(config.seed, 'evaluation'));
    const stream = new UniformStream(deriveSeed(config.seed, 'evaluation photos'));
    const count = Math.min(PHOTOS, dataset.count);
    const indices = Array.from({ length: count }, (_, i) =>
      count === dataset.count ? i : stream.nextInt(dataset.count),
    );
    const photos = await sliced.describe(await readPictures(dataset, indices), 'photos');
    return new RunningEvaluation(config, sliced, photos);
  }

  /** Sliced Wasserstein distance times 1,000 by level, and MS-SSIM, of 512 pictures of the same z every time. */
  async of(sample: Sample): Promise<Record<string, number>> {
    const { seed, size, latent } = this.#config;
    const noise = new NormalStream(deriveSeed(seed, 'evaluation z'));
    const pixels = new Uint8Array(FAKES * 3 * size * size);
    for (let from = 0; from < FAKES; from += SAMPLES) {
      const batch = await sample(noise.fill(new Float32Array(SAMPLES * latent)));
      pixels.set(quantised(batch), from * 3 * size * size);
    }
    const fakes = pictures(pixels, size);
    const distances = slicedWassersteinDistance(this.#photos, await this.#sliced.describe(fakes, 'fakes'));
    return {
      ...Object.fromEntries(Object.entries(distances).map(([level, distance]) => [`swd.${level}`, distance])),
      msSsim: meanMsSsim(fakes, PAIRS, deriveSeed(seed, 'evaluation pairs')),
    };
  }

  async dispose(): Promise<void> {
    await this.#sliced.dispose();
  }
}
