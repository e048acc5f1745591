/** @module The training step as one graph on ONNX Runtime: on the CPU, WebGPU or CUDA. */

import {
  type CompileOptions,
  type ConvolutionLowering,
  compile,
  type Device,
  type NamedValues,
  type Program,
  ProgramState,
  type Provider,
  type Step,
} from '@latent-dogs/tfjs-onnx';
import type { Config } from '../settings/settings.ts';
import { type Networks, SAMPLE_BATCH, type StepValues } from './networks.ts';
import {
  eachOverfittingNumber,
  type OverfittingNumbers,
  overfittingInputs,
  overfittingStep,
} from './overfitting-step.ts';
import { stateDefinitions, stateSpecs } from './state.ts';
import { LOSS_SCALE, samplingStep, stepInputs, trainingStep } from './step.ts';
import { eachStepNumber, type StepNumbers } from './step-numbers.ts';

/** How convolutions are lowered: on the CPU to one matrix product for the whole batch (fastest), on GPUs to ONNX Conv. */
export const loweringFor = (provider: Provider): ConvolutionLowering =>
  provider === 'cpu' || provider === 'wasm' ? 'gemm' : 'conv';

/**
 * Compiles the training step and the sampler for `device`.
 *
 * @param values of every tensor in `stateDefinitions(config)`.
 * @throws ONNX Runtime's own error if the provider cannot run here.
 */
export async function createOnnxNetworks(config: Config, device: Device, values: NamedValues): Promise<Networks> {
  const convolution = loweringFor(device.provider ?? 'cpu');
  const state = new ProgramState(stateSpecs(stateDefinitions(config), convolution), values, device);
  const build = (step: Step, options: Pick<CompileOptions, 'inputs' | 'outputOrders' | 'precision'>) =>
    compile(step, { ...options, state, convolution });
  const { precision } = config;
  const lossScale = precision === 'mixed' ? LOSS_SCALE : 1;
  const buildStep = (penalise: boolean) =>
    build(trainingStep(config, { penalise, lossScale }), { inputs: stepInputs(config), precision });
  const plain = await buildStep(false);
  const penalised = config.r1 > 0 ? await buildStep(true) : plain;
  // Sampling and judging are in float32, like the exported model.
  const sampler = await build(samplingStep(config), {
    inputs: { z: { shape: [SAMPLE_BATCH, config.latent] } },
  });
  const judge = config.holdOut > 0 ? await build(overfittingStep(config), { inputs: overfittingInputs(config) }) : null;
  return new OnnxNetworks(config, state, plain, penalised, sampler, judge);
}

class OnnxNetworks implements Networks {
  readonly #config: Config;
  readonly #state: ProgramState;
  readonly #plain: Program;
  readonly #penalised: Program;
  readonly #sampler: Program;
  /** Null: no photos are held out. */
  readonly #judge: Program | null;

  constructor(
    config: Config,
    state: ProgramState,
    plain: Program,
    penalised: Program,
    sampler: Program,
    judge: Program | null,
  ) {
    this.#config = config;
    this.#state = state;
    this.#plain = plain;
    this.#penalised = penalised;
    this.#sampler = sampler;
    this.#judge = judge;
  }

  async step(values: StepValues, penalise: boolean): Promise<StepNumbers> {
    const outputs = await (penalise ? this.#penalised : this.#plain).run(values);
    return eachStepNumber((name) => outputs[name]!.data[0]!);
  }

  async sample(z: Float32Array): Promise<Float32Array> {
    const { latent, size } = this.#config;
    const all = new Float32Array((z.length / latent) * size * size * 3);
    const step = SAMPLE_BATCH * latent;
    for (let from = 0; from < z.length; from += step) {
      const { pictures } = await this.#sampler.run({ z: z.slice(from, from + step) });
      all.set(pictures!.data as Float32Array, (from / latent) * size * size * 3);
    }
    return all;
  }

  async overfitting(values: StepValues): Promise<OverfittingNumbers> {
    if (!this.#judge) throw new Error('no photos are held out');
    const outputs = await this.#judge.run(values);
    return eachOverfittingNumber((name) => outputs[name]!.data[0]!);
  }

  read(): Promise<NamedValues> {
    return this.#state.read();
  }

  write(values: NamedValues): void {
    this.#state.write(values);
  }

  async dispose(): Promise<void> {
    const programs = new Set([this.#plain, this.#penalised, this.#sampler, this.#judge]);
    await Promise.all([...programs].map((program) => program?.dispose()));
    await this.#state.dispose();
  }
}
