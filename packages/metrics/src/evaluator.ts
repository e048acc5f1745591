/** @module All metrics of generated pictures against photos, and of photos against other photos for comparison. */

import { type PictureSource, UniformStream, UserError } from '@latent-dogs/latent';
import type { Runtime } from '@latent-dogs/tfjs-onnx';
import { frechetDistance, type Gaussian, gaussianOf } from './frechet.ts';
import { kernelDistance } from './kernel-distance.ts';
import { meanMsSsim } from './ms-ssim.ts';
import { type Memorisation, nearestByFeatures, nearestPhotos, readPictures } from './nearest-photos.ts';
import type { Pictures } from './pictures.ts';
import { precisionRecall } from './precision-recall.ts';
import { RandomFeatures } from './random-features.ts';
import type { Rows } from './row-products.ts';
import { type PatchDistributions, SlicedWasserstein, slicedWassersteinDistance } from './sliced-wasserstein.ts';

/** Values by name, such as `swd.64`. The same pictures always have the same values. */
export type Metrics = Record<string, number>;

/** A trained network whose features are compared. */
export interface FeatureNetwork {
  /** Prefix of its metrics: `<name>.fid`. */
  readonly name: string;
  of(pictures: Pictures): Promise<Rows>;
}

const SEED = 0;
/** MS-SSIM is slow, and its mean converges with few pairs: half as many as pictures, at most this many. */
const MOST_PAIRS = 1_000;
/** Smallest number of pictures for which all metrics are defined. */
const FEWEST = 8;

interface Reference {
  patches: PatchDistributions;
  random: Rows;
  randomGaussian: Gaussian;
  network: { features: Rows; gaussian: Gaussian } | null;
}

export interface EvaluatedPictures {
  metrics: Metrics;
  /** Found by the features of look-features.ts. */
  neighbours: Memorisation;
}

export class Evaluator {
  /** Number of pictures and of photos compared; at most half the dataset, so that a disjoint half remains for reference. */
  readonly count: number;
  readonly #runtime: Runtime;
  readonly #dataset: PictureSource;
  readonly #sliced: SlicedWasserstein;
  readonly #randomNetwork: RandomFeatures;
  readonly #network: FeatureNetwork | null;
  readonly #photos: Int32Array;
  readonly #others: Int32Array;
  #reference!: Reference;
  #ofPhotos: Metrics = {};

  private constructor(
    runtime: Runtime,
    dataset: PictureSource,
    count: number,
    sliced: SlicedWasserstein,
    random: RandomFeatures,
    network: FeatureNetwork | null,
  ) {
    this.#runtime = runtime;
    this.#dataset = dataset;
    this.count = count;
    this.#sliced = sliced;
    this.#randomNetwork = random;
    this.#network = network;
    const order = shuffled(dataset.count);
    this.#photos = order.subarray(0, count);
    this.#others = order.subarray(count, 2 * count);
  }

  /** @throws UserError if there are too few photos */
  static async create(
    runtime: Runtime,
    dataset: PictureSource,
    { count, network }: { count: number; network: FeatureNetwork | null },
  ): Promise<Evaluator> {
    if (dataset.count < 2 * FEWEST)
      throw new UserError(
        `--data: ${dataset.count} photos are too few to measure against; at least ${2 * FEWEST} are needed`,
      );
    const [sliced, random] = [await SlicedWasserstein.create(runtime, SEED), await RandomFeatures.create(runtime)];
    const half = Math.floor(dataset.count / 2);
    const evaluator = new Evaluator(runtime, dataset, Math.min(count, half), sliced, random, network);
    await evaluator.#prepare();
    return evaluator;
  }

  /** Metrics of photos against the other photos: about what a perfect generator would have. */
  get ofPhotos(): Metrics {
    return { ...this.#ofPhotos };
  }

  /** @param fakes `count` pictures */
  async evaluate(fakes: Pictures): Promise<EvaluatedPictures> {
    const metrics = await this.#againstPhotos(fakes);
    const neighbours = await nearestPhotos(this.#runtime, this.#dataset, fakes, this.#photos);
    Object.assign(metrics, copies('', neighbours));
    if (this.#network) {
      const features = await this.#network.of(fakes);
      const byFeatures = await nearestByFeatures(
        this.#runtime,
        features,
        this.#reference.network!.features,
        this.#photos,
      );
      Object.assign(metrics, copies(`${this.#network.name}.`, byFeatures));
    }
    return { metrics, neighbours };
  }

  async dispose(): Promise<void> {
    await this.#sliced.dispose();
    await this.#randomNetwork.dispose();
  }

  async #prepare(): Promise<void> {
    const photos = await readPictures(this.#dataset, this.#photos);
    const random = await this.#randomNetwork.of(photos);
    const features = this.#network ? await this.#network.of(photos) : null;
    this.#reference = {
      patches: await this.#sliced.describe(photos, 'photos'),
      random,
      randomGaussian: gaussianOf(random),
      network: features && { features, gaussian: gaussianOf(features) },
    };
    this.#ofPhotos = await this.#againstPhotos(await readPictures(this.#dataset, this.#others));
  }

  async #againstPhotos(set: Pictures): Promise<Metrics> {
    const { patches, random, randomGaussian, network } = this.#reference;
    const distances = slicedWassersteinDistance(patches, await this.#sliced.describe(set, 'fakes'));
    const metrics: Metrics = {};
    for (const [level, distance] of Object.entries(distances)) metrics[`swd.${level}`] = distance;
    metrics['msSsim'] = meanMsSsim(set, Math.min(MOST_PAIRS, Math.floor(set.count / 2)), SEED);
    const features = await this.#randomNetwork.of(set);
    metrics['frechetRandom'] = frechetDistance(randomGaussian, gaussianOf(features));
    const { precision, recall } = await precisionRecall(this.#runtime, random, features);
    Object.assign(metrics, { precisionRandom: precision, recallRandom: recall });
    if (network) Object.assign(metrics, await this.#byNetwork(set, network));
    return metrics;
  }

  async #byNetwork(set: Pictures, photos: NonNullable<Reference['network']>): Promise<Metrics> {
    const { name } = this.#network!;
    const features = await this.#network!.of(set);
    const kid = await kernelDistance(this.#runtime, photos.features, features, SEED);
    const { precision, recall } = await precisionRecall(this.#runtime, photos.features, features);
    return {
      [`${name}.fid`]: frechetDistance(photos.gaussian, gaussianOf(features)),
      [`${name}.kid`]: kid.mean,
      [`${name}.kidDeviation`]: kid.deviation,
      [`${name}.precision`]: precision,
      [`${name}.recall`]: recall,
    };
  }
}

/** Metrics of memorisation. `nearestPhoto` is relative to the distance between photos: new photos would have about 1. */
function copies(prefix: string, { median, medianPhotos, nearCopies }: Memorisation): Metrics {
  return { [`${prefix}nearestPhoto`]: median / Math.max(medianPhotos, 1e-12), [`${prefix}nearCopies`]: nearCopies };
}

function shuffled(count: number): Int32Array {
  const stream = new UniformStream(SEED);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = stream.nextInt(i + 1);
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}
