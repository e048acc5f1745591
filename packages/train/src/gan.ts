/** @module The two networks in training: their tensors on the device, the compiled step, and pictures from z. */
import { NormalStream } from '@latent-dogs/latent';
import { type CompileOptions, compile, NCHW, type Program, ProgramState, type Step } from '@latent-dogs/tfjs-onnx';
import type { Config } from './config.ts';
import { chooseDevice, deviceError } from './device.ts';
import { adamStep } from './model/adam.ts';
import { initialState, stateDefinitions, stateSpecs } from './model/state.ts';
import { samplingStep, stepInputs, trainingStep } from './model/step.ts';
import type { Tensor } from './run/safetensors.ts';

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

export interface StepResult {
  lossD: number;
  lossG: number;
  /** Mean probability that D gives photos and fakes, before the step. */
  dReal: number;
  dFake: number;
  /** Standard deviation over the batch of fakes, mean over pixels, in units of [-1, 1]. */
  diversity: number;
}

export interface LearningRates {
  lrG: number;
  lrD: number;
}

/** Pictures on a sheet, and the batch that is sampled at once. */
export const SAMPLES = 64;

/** The moving average starts short, so that early sheets don't show the untrained G (StyleGAN2's ramp-up). */
const EMA_RAMP_UP = 0.05;

export class Gan {
  /** Whether photos are wanted as [N,3,H,W]. */
  readonly planar: boolean;
  readonly #config: Config;
  readonly #state: ProgramState;
  readonly #plainStep: Program;
  readonly #penalisedStep: Program;
  readonly #sampler: Program;

  private constructor(config: Config, state: ProgramState, programs: Program[], planar: boolean) {
    this.#config = config;
    this.#state = state;
    [this.#plainStep, this.#penalisedStep, this.#sampler] = programs as [Program, Program, Program];
    this.planar = planar;
  }

  /**
   * Networks of `config` with fresh tensors drawn from `stream`, or with those of a checkpoint.
   * @throws UserError where the device cannot run the step.
   */
  static async create(config: Config, start: NormalStream | Record<string, Tensor>): Promise<Gan> {
    const { provider, convolution } = chooseDevice(config.device);
    const definitions = stateDefinitions(config);
    const values = start instanceof NormalStream ? initialState(definitions, start) : dataOf(start);
    const state = new ProgramState(stateSpecs(definitions, convolution), values, provider);
    const build = (step: Step, options: CompileOptions) => compile(step, { ...options, state, convolution });
    try {
      const inputs = stepInputs(config, convolution);
      const plain = await build(trainingStep(config, { penalise: false }), { inputs });
      const penalised = config.r1 > 0 ? await build(trainingStep(config, { penalise: true }), { inputs }) : plain;
      const sampler = await build(samplingStep(config), {
        inputs: { z: { shape: [SAMPLES, config.latent] } },
        outputOrders: { pictures: NCHW },
      });
      return new Gan(config, state, [plain, penalised, sampler], convolution === 'conv');
    } catch (error) {
      if (config.device === 'auto' || config.device === 'cpu') throw error;
      throw deviceError(config.device, error);
    }
  }

  /** Step number `step` (1, 2, …) on `batch`. */
  async step(batch: Batch, step: number, { lrG, lrD }: LearningRates): Promise<StepResult> {
    const { beta1, beta2, r1Every } = this.#config;
    const factors = (lr: number) => {
      const { rate, correction } = adamStep(lr, beta1, beta2, step);
      return Float32Array.of(rate, correction);
    };
    const program = (step - 1) % r1Every === 0 ? this.#penalisedStep : this.#plainStep;
    const outputs = await program.run({
      ...batch,
      adamD: factors(lrD),
      adamG: factors(lrG),
      emaDecay: Float32Array.of(this.#emaDecay(step)),
    });
    const number = (name: keyof StepResult) => outputs[name]!.data[0]!;
    return {
      lossD: number('lossD'),
      lossG: number('lossG'),
      dReal: number('dReal'),
      dFake: number('dFake'),
      diversity: number('diversity'),
    };
  }

  #emaDecay(step: number): number {
    const { batch, emaImages } = this.#config;
    const halfLife = Math.min(emaImages, step * batch * EMA_RAMP_UP);
    return 0.5 ** (batch / Math.max(halfLife, 1e-8));
  }

  /** Pictures [64,3,H,W] in [-1, 1] of z [64, latent], by the moving average of G where there is one. */
  async sample(z: Float32Array): Promise<Float32Array> {
    const { pictures } = await this.#sampler.run({ z });
    return pictures!.data as Float32Array;
  }

  /** Copies of all tensors, as a checkpoint wants them. */
  async tensors(): Promise<Record<string, Tensor>> {
    const values = await this.#state.read();
    return Object.fromEntries(
      Object.entries(values).map(([name, data]) => [name, { shape: [...this.#state.specs[name]!.shape], data }]),
    );
  }

  restore(tensors: Record<string, Tensor>): void {
    this.#state.write(dataOf(tensors));
  }

  async dispose(): Promise<void> {
    await Promise.all(
      [...new Set([this.#plainStep, this.#penalisedStep, this.#sampler])].map((program) => program.dispose()),
    );
    await this.#state.dispose();
  }
}

const dataOf = (tensors: Record<string, Tensor>) =>
  Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data]));
