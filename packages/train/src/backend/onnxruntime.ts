/** @module The training step as one graph on ONNX Runtime: on the CPU, through WebGPU, or through CUDA. */

import type { Config } from '@latent-dogs/dcgan';
import {
  LOSS_SCALE,
  type Networks,
  SAMPLES,
  STEP_OUTPUTS,
  type StepOutputs,
  type StepValues,
  samplingStep,
  stateDefinitions,
  stateSpecs,
  stepInputs,
  trainingStep,
} from '@latent-dogs/dcgan';
import {
  type CompileOptions,
  compile,
  type NamedValues,
  NCHW,
  type Program,
  ProgramState,
  type Provider,
  type Step,
} from '@latent-dogs/tfjs-onnx';
import { chooseDevice } from '../device.ts';

/** @throws ONNX Runtime's own error where the provider cannot run here. */
export async function createOnnxNetworks(config: Config, provider: Provider, values: NamedValues): Promise<Networks> {
  const { convolution } = chooseDevice(provider);
  const state = new ProgramState(stateSpecs(stateDefinitions(config), convolution), values, provider);
  const build = (step: Step, options: CompileOptions) => compile(step, { ...options, state, convolution });
  const { precision } = config;
  const lossScale = precision === 'mixed' ? LOSS_SCALE : 1;
  const buildStep = (penalise: boolean) =>
    build(trainingStep(config, { penalise, lossScale }), { inputs: stepInputs(config, convolution), precision });
  const plain = await buildStep(false);
  const penalised = config.r1 > 0 ? await buildStep(true) : plain;
  // Pictures are those of the exported model, in float32.
  const sampler = await build(samplingStep(config), {
    inputs: { z: { shape: [SAMPLES, config.latent] } },
    outputOrders: { pictures: NCHW },
  });
  return new OnnxNetworks(state, plain, penalised, sampler, convolution === 'conv');
}

class OnnxNetworks implements Networks {
  readonly planar: boolean;
  readonly #state: ProgramState;
  readonly #plain: Program;
  readonly #penalised: Program;
  readonly #sampler: Program;

  constructor(state: ProgramState, plain: Program, penalised: Program, sampler: Program, planar: boolean) {
    this.#state = state;
    this.#plain = plain;
    this.#penalised = penalised;
    this.#sampler = sampler;
    this.planar = planar;
  }

  async step(values: StepValues, penalise: boolean): Promise<StepOutputs> {
    const outputs = await (penalise ? this.#penalised : this.#plain).run(values);
    return Object.fromEntries(STEP_OUTPUTS.map((name) => [name, outputs[name]!.data[0]!])) as StepOutputs;
  }

  async sample(z: Float32Array): Promise<Float32Array> {
    const { pictures } = await this.#sampler.run({ z });
    return pictures!.data as Float32Array;
  }

  read(): Promise<NamedValues> {
    return this.#state.read();
  }

  write(values: NamedValues): void {
    this.#state.write(values);
  }

  async dispose(): Promise<void> {
    const programs = new Set([this.#plain, this.#penalised, this.#sampler]);
    await Promise.all([...programs].map((program) => program.dispose()));
    await this.#state.dispose();
  }
}
