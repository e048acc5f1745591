/** @module The endless stream of batches: photos in random order, noise, augmentation draws. All of it resumes exactly. */

import type { Config } from '@latent-dogs/dcgan';
import { DataOrder, type DataOrderState, drawAugmentations, flipHorizontally } from '@latent-dogs/dcgan';
import { deriveSeed, NormalStream, type StreamState, UniformStream } from '@latent-dogs/latent';
import type { Dataset } from './data/dataset.ts';
import { interleave, toFloat } from './data/to-float.ts';
import type { Batch } from './gan.ts';

/** JSON-safe; part of the checkpoint. */
export interface BatchesState {
  order: DataOrderState;
  z: StreamState;
  flips: StreamState;
  augmentations: StreamState;
}

export class Batches {
  readonly #dataset: Dataset;
  readonly #config: Config;
  readonly #planar: boolean;
  readonly #pixels: Uint8Array;
  #order: DataOrder;
  #z: NormalStream;
  #flips: UniformStream;
  #augmentations: UniformStream;

  constructor(dataset: Dataset, config: Config, planar: boolean, state?: BatchesState) {
    this.#dataset = dataset;
    this.#config = config;
    this.#planar = planar;
    this.#pixels = new Uint8Array(config.batch * 3 * config.size ** 2);
    const start = (purpose: string) => deriveSeed(config.seed, purpose);
    this.#order = new DataOrder({
      count: dataset.count,
      seed: start('data order'),
      ...(state ? { state: state.order } : {}),
    });
    this.#z = new NormalStream(state?.z ?? start('z'));
    this.#flips = new UniformStream(state?.flips ?? start('flips'));
    this.#augmentations = new UniformStream(state?.augmentations ?? start('augmentations'));
  }

  /** State of the batch that `next` gives next. */
  get state(): BatchesState {
    return {
      order: this.#order.state,
      z: this.#z.state,
      flips: this.#flips.state,
      augmentations: this.#augmentations.state,
    };
  }

  async next(): Promise<Batch> {
    const { batch, size, latent, flip } = this.#config;
    await this.#dataset.read(this.#order.next(batch), this.#pixels);
    if (flip)
      flipHorizontally(
        this.#pixels,
        batch,
        size,
        Uint8Array.from({ length: batch }, () => this.#flips.nextInt(2)),
      );
    const real = new Float32Array(this.#pixels.length);
    if (this.#planar) toFloat(this.#pixels, real);
    else interleave(this.#pixels, real, batch);
    return {
      real,
      z: this.#z.fill(new Float32Array(batch * latent)),
      augmentReal: drawAugmentations(this.#augmentations, batch, size),
      augmentFake: drawAugmentations(this.#augmentations, batch, size),
    };
  }
}
