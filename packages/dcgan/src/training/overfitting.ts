/**
 * @module How far D has learned its photos by heart: what it says about the photos that it is trained on, about held-out photos
 * and about fakes. The random choices depend only on the run's seed, and do not affect those of training.
 */
import { deriveSeed, NormalStream, type PictureSource } from '@latent-dogs/latent';
import type { Config } from '../settings/settings.ts';
import type { Gan } from '../step/gan.ts';
import { eachOverfittingNumber, OVERFITTING_NUMBERS, type OverfittingNumbers } from '../step/overfitting-step.ts';
import { DataOrder } from './data-order.ts';
import { splitPhotos } from './held-out.ts';

/** Numbers of the log. Null: not finite, or `rv` without a difference between photos and fakes. */
export type Overfitting = { [Name in keyof OverfittingNumbers | 'rv']: number | null };

/** Pictures of each kind, as far as they fill whole batches. The same every time, so that the curves show D's progress. */
const PICTURES = 256;

/**
 * r_v of ADA (Karras et al. 2020, arXiv:2006.06676, equation 1): (E[D_train] - E[D_validation]) / (E[D_train] - E[D_generated])
 * of D's logits. 0: D treats held-out photos as those that it was trained on; 1: as fakes, so it has learned its photos by heart.
 */
export function validationOverfitting({
  logitReal,
  logitHeldOut,
  logitFake,
}: Pick<OverfittingNumbers, 'logitReal' | 'logitHeldOut' | 'logitFake'>): number {
  return (logitReal - logitHeldOut) / (logitReal - logitFake);
}

export class OverfittingMeasure {
  readonly #config: Config;
  readonly #training: PictureSource;
  readonly #heldOut: PictureSource;
  readonly #batches: number;
  /** Different photos of each kind. */
  readonly #distinct: number;

  private constructor(config: Config, training: PictureSource, heldOut: PictureSource) {
    const { batch } = config;
    const fewer = Math.min(training.count, heldOut.count);
    this.#config = config;
    this.#training = training;
    this.#heldOut = heldOut;
    this.#batches = Math.max(1, Math.floor(Math.min(PICTURES, fewer) / batch));
    this.#distinct = Math.min(fewer, this.#batches * batch);
  }

  /** Null if no photos are held out. */
  static of(photos: PictureSource, config: Config): OverfittingMeasure | null {
    const { training, heldOut } = splitPhotos(photos, config);
    return heldOut && new OverfittingMeasure(config, training, heldOut);
  }

  /**
   * Means over at most 256 pictures of each kind, in batches of the run's size. If fewer photos are held out than a batch needs,
   * the batch repeats them, and has as many different training photos: batch norm depends on how varied a batch is.
   */
  async measure(gan: Gan): Promise<Overfitting> {
    const { seed, batch, latent } = this.#config;
    const noise = new NormalStream(deriveSeed(seed, 'overfitting z'));
    const means = eachOverfittingNumber(() => 0);
    for (let first = 0; first < this.#batches * batch; first += batch) {
      const numbers = await gan.overfitting({
        real: await this.#read(this.#training, first),
        heldOut: await this.#read(this.#heldOut, first),
        z: noise.fill(new Float32Array(batch * latent)),
      });
      for (const name of OVERFITTING_NUMBERS) means[name] += numbers[name] / this.#batches;
    }
    const all = { ...means, rv: validationOverfitting(means) };
    return Object.fromEntries(
      Object.entries(all).map(([name, value]) => [name, Number.isFinite(value) ? value : null]),
    ) as Overfitting;
  }

  /** Photos number `first` to `first + batch - 1` of a fixed random order: bytes [batch, size, size, 3]. */
  async #read(photos: PictureSource, first: number): Promise<Uint8Array> {
    const { seed, batch, size } = this.#config;
    const order = new DataOrder({ count: photos.count, seed: deriveSeed(seed, 'overfitting photos') });
    const chosen = order.next(this.#distinct);
    const bytes = new Uint8Array(batch * size * size * 3);
    await photos.read(
      Uint32Array.from({ length: batch }, (_, i) => chosen[(first + i) % this.#distinct]!),
      bytes,
    );
    return bytes;
  }
}
