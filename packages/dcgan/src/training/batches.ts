/** @module The endless stream of batches: photos in random order, noise, augmentation draws. Resumes exactly. */
import { deriveSeed, NormalStream, type PictureSource, type StreamState, UniformStream } from '@latent-dogs/latent';
import type { Config } from '../settings/settings.ts';
import { appliedWithProbability, drawAugmentations, drawGates } from '../step/augment.ts';
import type { Batch } from '../step/gan.ts';
import { DataOrder, type DataOrderState } from './data-order.ts';
import { flipHorizontally } from './flip.ts';
import { splitPhotos } from './held-out.ts';

/** JSON-safe; stored in checkpoints. */
export interface BatchesState {
  order: DataOrderState;
  z: StreamState;
  flips: StreamState;
  augmentations: StreamState;
  /** Checkpoints of earlier versions lack it. */
  gates?: StreamState;
}

/** A batch, and the random numbers that decide which augmentations are applied (see augment.ts). */
interface Drawn {
  batch: Batch;
  gatesReal: Float64Array;
  gatesFake: Float64Array;
}

/** Prefetches one batch; `state` does not include it. */
export class Batches {
  readonly #photos: PictureSource;
  readonly #config: Config;
  readonly #order: DataOrder;
  readonly #z: NormalStream;
  readonly #flips: UniformStream;
  readonly #augmentations: UniformStream;
  readonly #gates: UniformStream;
  /** The prefetched batch, and the state before it was drawn. */
  #prefetched: { state: BatchesState; drawn: Promise<Drawn> } | null = null;

  /** Of `photos` without those that `config` holds out. @throws UserError if there are too few. */
  constructor(photos: PictureSource, config: Config, state?: BatchesState) {
    this.#photos = splitPhotos(photos, config).training;
    this.#config = config;
    const start = (purpose: string) => deriveSeed(config.seed, purpose);
    this.#order = new DataOrder({ count: this.#photos.count, seed: start('data order'), state: state?.order });
    this.#z = new NormalStream(state?.z ?? start('z'));
    this.#flips = new UniformStream(state?.flips ?? start('flips'));
    this.#augmentations = new UniformStream(state?.augmentations ?? start('augmentations'));
    this.#gates = new UniformStream(state?.gates ?? start('gates'));
  }

  /** A stream constructed with this state continues with the same batches, whether or not the next one was prefetched. */
  get state(): BatchesState {
    return this.#prefetched?.state ?? this.#stateOfStreams();
  }

  /**
   * The next batch. `p`: the probability of each augmentation. A prefetched batch does not depend on it, because its random
   * numbers are drawn for every p.
   *
   * @throws the photo source's error if photos can't be read.
   */
  async next(p = 1): Promise<Batch> {
    this.prefetch();
    const { batch, gatesReal, gatesFake } = await this.#prefetched!.drawn;
    this.#prefetched = null;
    const { size } = this.#config;
    return {
      ...batch,
      augmentReal: appliedWithProbability(p, batch.augmentReal, gatesReal, size),
      augmentFake: appliedWithProbability(p, batch.augmentFake, gatesFake, size),
    };
  }

  /** Starts to draw the next batch, so that photos are read while the device computes. */
  prefetch(): void {
    if (this.#prefetched) return;
    const state = this.#stateOfStreams();
    const drawn = this.#draw();
    // `next` reports the error; until then it must not count as an unhandled rejection.
    drawn.catch(() => {});
    this.#prefetched = { state, drawn };
  }

  /** Waits for the prefetch, so that photos are no longer being read. */
  async settle(): Promise<void> {
    await this.#prefetched?.drawn.catch(() => {});
  }

  #stateOfStreams(): BatchesState {
    return {
      order: this.#order.state,
      z: this.#z.state,
      flips: this.#flips.state,
      augmentations: this.#augmentations.state,
      gates: this.#gates.state,
    };
  }

  async #draw(): Promise<Drawn> {
    const { batch, size, latent, flip } = this.#config;
    const real = new Uint8Array(batch * size * size * 3);
    const indices = this.#order.next(batch);
    const mask = Uint8Array.from({ length: batch }, () => (flip ? this.#flips.nextInt(2) : 0));
    const noise = {
      z: this.#z.fill(new Float32Array(batch * latent)),
      augmentReal: drawAugmentations(this.#augmentations, batch, size),
      augmentFake: drawAugmentations(this.#augmentations, batch, size),
    };
    const gates = { gatesReal: drawGates(this.#gates, batch), gatesFake: drawGates(this.#gates, batch) };
    await this.#photos.read(indices, real);
    flipHorizontally(real, batch, size, mask);
    return { batch: { real, ...noise }, ...gates };
  }
}
