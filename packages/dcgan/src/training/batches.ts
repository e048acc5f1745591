/** @module The endless stream of batches: photos in random order, noise, augmentation draws. All of it resumes exactly. */
import { deriveSeed, NormalStream, type PictureSource, type StreamState, UniformStream } from '@latent-dogs/latent';
import type { Config } from '../settings/settings.ts';
import { drawAugmentations } from '../step/augment.ts';
import type { Batch } from '../step/gan.ts';
import { DataOrder, type DataOrderState } from './data-order.ts';
import { flipHorizontally } from './flip.ts';

/** JSON-safe; part of the checkpoint. */
export interface BatchesState {
  order: DataOrderState;
  z: StreamState;
  flips: StreamState;
  augmentations: StreamState;
}

export class Batches {
  readonly #photos: PictureSource;
  readonly #config: Config;
  readonly #order: DataOrder;
  readonly #z: NormalStream;
  readonly #flips: UniformStream;
  readonly #augmentations: UniformStream;
  /** The batch that was drawn ahead, and the state before it was drawn. */
  #ahead: { state: BatchesState; batch: Promise<Batch> } | null = null;

  constructor(photos: PictureSource, config: Config, state?: BatchesState) {
    this.#photos = photos;
    this.#config = config;
    const start = (purpose: string) => deriveSeed(config.seed, purpose);
    this.#order = new DataOrder({ count: photos.count, seed: start('data order'), state: state?.order });
    this.#z = new NormalStream(state?.z ?? start('z'));
    this.#flips = new UniformStream(state?.flips ?? start('flips'));
    this.#augmentations = new UniformStream(state?.augmentations ?? start('augmentations'));
  }

  /** From here `next` gives the same batches again, whether or not the first of them was drawn ahead. */
  get state(): BatchesState {
    return this.#ahead?.state ?? this.#stateOfStreams();
  }

  async next(): Promise<Batch> {
    this.drawAhead();
    const { batch } = this.#ahead!;
    const drawn = await batch;
    this.#ahead = null;
    return drawn;
  }

  /** Begins to draw the next batch, so that photos are read while the device computes. */
  drawAhead(): void {
    if (this.#ahead) return;
    const state = this.#stateOfStreams();
    const batch = this.#draw();
    // An error is for whoever asks for the batch; until then it is no unhandled rejection.
    batch.catch(() => {});
    this.#ahead = { state, batch };
  }

  /** Waits for what is being drawn. After it nothing reads photos. */
  async settle(): Promise<void> {
    await this.#ahead?.batch.catch(() => {});
  }

  #stateOfStreams(): BatchesState {
    return {
      order: this.#order.state,
      z: this.#z.state,
      flips: this.#flips.state,
      augmentations: this.#augmentations.state,
    };
  }

  async #draw(): Promise<Batch> {
    const { batch, size, latent, flip } = this.#config;
    const real = new Uint8Array(batch * size * size * 3);
    const indices = this.#order.next(batch);
    const mask = Uint8Array.from({ length: batch }, () => (flip ? this.#flips.nextInt(2) : 0));
    const noise = {
      z: this.#z.fill(new Float32Array(batch * latent)),
      augmentReal: drawAugmentations(this.#augmentations, batch, size),
      augmentFake: drawAugmentations(this.#augmentations, batch, size),
    };
    await this.#photos.read(indices, real);
    flipHorizontally(real, batch, size, mask);
    return { real, ...noise };
  }
}
