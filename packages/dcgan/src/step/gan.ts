/** @module G and D in training: what a step needs besides a batch, and their tensors by name. */
import { NormalStream } from '@latent-dogs/latent';
import type { NamedValues } from '@latent-dogs/tfjs-onnx';
import type { Config } from '../settings/settings.ts';
import { adamCorrections } from './adam.ts';
import { emaDecay } from './moving-average.ts';
import type { CreateNetworks, Networks } from './networks.ts';
import { isPenalised } from './penalty-schedule.ts';
import type { Tensor } from './state.ts';
import { initialState, stateDefinitions } from './state.ts';
import type { StepNumbers } from './step-numbers.ts';

/** What one step learns from, each for the N pictures of a batch. */
export interface Batch {
  /** Photos, [N, H, W, 3], bytes. */
  real: Uint8Array;
  /** [N, latent] */
  z: Float32Array;
  /** [N, 7] each, see augment.ts. */
  augmentReal: Float32Array;
  augmentFake: Float32Array;
}

/** The learning rates in effect: as configured, after decay and the guard's cuts. */
export interface LearningRates {
  lrG: number;
  lrD: number;
}

export class Gan {
  readonly #config: Config;
  readonly #networks: Networks;

  private constructor(config: Config, networks: Networks) {
    this.#config = config;
    this.#networks = networks;
  }

  /**
   * Networks of `config` with fresh tensors drawn from `start`, or with those of a checkpoint.
   * @throws UserError if the backend cannot run here.
   */
  static async create(
    config: Config,
    start: NormalStream | Record<string, Tensor>,
    createNetworks: CreateNetworks,
  ): Promise<Gan> {
    const values = start instanceof NormalStream ? initialState(stateDefinitions(config), start) : dataOf(start);
    return new Gan(config, await createNetworks(config, values));
  }

  /** Step number `step` (1, 2, …) on `batch`. */
  async step(batch: Batch, step: number, { lrG, lrD }: LearningRates): Promise<StepNumbers> {
    const { beta1, beta2 } = this.#config;
    const corrections = adamCorrections(beta1, beta2, step);
    const values = {
      ...batch,
      rateD: Float32Array.of(lrD / corrections.first),
      rateG: Float32Array.of(lrG / corrections.first),
      adamCorrection: Float32Array.of(1 / Math.sqrt(corrections.second)),
      emaDecay: Float32Array.of(emaDecay(this.#config, step)),
    };
    return this.#networks.step(values, isPenalised(this.#config, step));
  }

  /** Pictures [64, size, size, 3] in [-1, 1] of z [64, latent], by the moving average of G if the run has one. */
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

const dataOf = (tensors: Record<string, Tensor>): NamedValues =>
  Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data]));
