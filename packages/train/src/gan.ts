/** @module The two networks in training, on whichever backend: what a step needs besides a batch, and their tensors by name. */

import type { Config, Networks, StepOutputs, Tensor } from '@latent-dogs/dcgan';
import { adamStep, initialState, stateDefinitions } from '@latent-dogs/dcgan';
import { NormalStream } from '@latent-dogs/latent';
import { createNetworks } from './backend/create-networks.ts';

export { SAMPLES } from '@latent-dogs/dcgan';

/** What one step learns from, each for the N pictures of a batch. */
export interface Batch {
  /** Photos in [-1, 1], [N,3,H,W] or [N,H,W,3] as `Gan.planar` says. */
  real: Float32Array;
  /** [N, latent] */
  z: Float32Array;
  /** [N, 7] each, see model/augment.ts. */
  augmentReal: Float32Array;
  augmentFake: Float32Array;
}

/**
 * Of one step: both losses, `dReal` and `dFake`, the mean probability that D gave photos and fakes before the step, and
 * `diversity`, the standard deviation over the batch of fakes, mean over pixels, in units of [-1, 1].
 */
export type StepResult = StepOutputs;

export interface LearningRates {
  lrG: number;
  lrD: number;
}

/** The moving average starts short, so that early sheets don't show the untrained G (StyleGAN2's ramp-up). */
const EMA_RAMP_UP = 0.05;

export class Gan {
  /** Whether photos are wanted as [N,3,H,W]. */
  readonly planar: boolean;
  readonly #config: Config;
  readonly #networks: Networks;

  private constructor(config: Config, networks: Networks) {
    this.#config = config;
    this.#networks = networks;
    this.planar = networks.planar;
  }

  /**
   * Networks of `config` with fresh tensors drawn from `stream`, or with those of a checkpoint.
   * @throws UserError where the backend cannot run here.
   */
  static async create(config: Config, start: NormalStream | Record<string, Tensor>): Promise<Gan> {
    const values = start instanceof NormalStream ? initialState(stateDefinitions(config), start) : dataOf(start);
    return new Gan(config, await createNetworks(config, values));
  }

  /** Step number `step` (1, 2, …) on `batch`. */
  async step(batch: Batch, step: number, { lrG, lrD }: LearningRates): Promise<StepResult> {
    const { beta1, beta2, r1Every } = this.#config;
    const factors = (lr: number) => {
      const { rate, correction } = adamStep(lr, beta1, beta2, step);
      return Float32Array.of(rate, correction);
    };
    const values = {
      ...batch,
      adamD: factors(lrD),
      adamG: factors(lrG),
      emaDecay: Float32Array.of(this.#emaDecay(step)),
    };
    return this.#networks.step(values, this.#config.r1 > 0 && (step - 1) % r1Every === 0);
  }

  #emaDecay(step: number): number {
    const { batch, emaImages } = this.#config;
    const halfLife = Math.min(emaImages, step * batch * EMA_RAMP_UP);
    return 0.5 ** (batch / Math.max(halfLife, 1e-8));
  }

  /** Pictures [64,3,H,W] in [-1, 1] of z [64, latent], by the moving average of G where there is one. */
  sample(z: Float32Array): Promise<Float32Array> {
    return this.#networks.sample(z);
  }

  /** Copies of all tensors, as a checkpoint wants them. */
  async tensors(): Promise<Record<string, Tensor>> {
    const definitions = stateDefinitions(this.#config);
    const values = await this.#networks.read();
    return Object.fromEntries(
      Object.entries(values).map(([name, data]) => [name, { shape: [...definitions[name]!.shape], data }]),
    );
  }

  restore(tensors: Record<string, Tensor>): void {
    this.#networks.write(dataOf(tensors));
  }

  dispose(): Promise<void> {
    return this.#networks.dispose();
  }
}

const dataOf = (tensors: Record<string, Tensor>) =>
  Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data]));
