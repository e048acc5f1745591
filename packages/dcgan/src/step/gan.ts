/** @module G and D in training: runs steps with Adam's factors and the moving average's decay, reads and restores tensors. */
import { NormalStream } from '@latent-dogs/latent';
import type { NamedValues } from '@latent-dogs/tfjs-onnx';
import type { Config } from '../settings/settings.ts';
import { adamCorrections } from './adam.ts';
import { emaDecay } from './moving-average.ts';
import type { CreateNetworks, Networks } from './networks.ts';
import type { OverfittingNumbers } from './overfitting-step.ts';
import { isPenalised } from './penalty-schedule.ts';
import type { Tensor } from './state.ts';
import { initialState, stateDefinitions } from './state.ts';
import type { StepNumbers } from './step-numbers.ts';

/** The data of one step, for N pictures. */
export interface Batch {
  /** Photos, [N, H, W, 3], bytes. */
  real: Uint8Array;
  /** Standard normal, [N, latent]. */
  z: Float32Array;
  /** Random numbers of the augmentation, [N, 7] each, see augment.ts. */
  augmentReal: Float32Array;
  augmentFake: Float32Array;
}

/** Learning rates of one step, after decay and the guard's cuts. */
export interface LearningRates {
  lrG: number;
  lrD: number;
}

/** A generator and a discriminator on a compute backend, with their optimiser state. */
export class Gan {
  readonly #config: Config;
  readonly #networks: Networks;

  private constructor(config: Config, networks: Networks) {
    this.#config = config;
    this.#networks = networks;
  }

  /**
   * Networks of `config`.
   *
   * @param start random stream that initial weights are drawn from, or the tensors of a checkpoint.
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

  /** Runs training step number `step` (1, 2, …) on `batch`. A step that fails leaves the tensors unchanged. */
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

  /** Pictures [64, size, size, 3] in [-1, 1] for z [64, latent], from the moving average of G if the run keeps one. */
  sample(z: Float32Array): Promise<Float32Array> {
    return this.#networks.sample(z);
  }

  /** What D says about `real`, photos that it is trained on, held-out photos, and fakes of z: one batch of each. */
  overfitting(batch: Pick<Batch, 'real' | 'z'> & { heldOut: Uint8Array }): Promise<OverfittingNumbers> {
    return this.#networks.overfitting(batch);
  }

  /** Copies of all tensors by name, as a checkpoint stores them. */
  async tensors(): Promise<Record<string, Tensor>> {
    const definitions = stateDefinitions(this.#config);
    const values = await this.#networks.read();
    return Object.fromEntries(
      Object.entries(values).map(([name, data]) => [name, { shape: [...definitions[name]!.shape], data }]),
    );
  }

  /** Replaces all tensors by copies of a checkpoint's. */
  restore(tensors: Record<string, Tensor>): void {
    this.#networks.write(dataOf(tensors));
  }

  dispose(): Promise<void> {
    return this.#networks.dispose();
  }
}

const dataOf = (tensors: Record<string, Tensor>): NamedValues =>
  Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data]));
