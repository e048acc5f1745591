/**
 * @module Runs training steps of one preset with one way to write convolutions. Arguments: PRESET CONVOLUTION. Each message
 * to this process is a number of steps; the answer is an `Answer`, with the time they took.
 */
import * as runtime from 'onnxruntime-node';
import '../packages/command-line/src/without-maglev.ts';

import {
  adamCorrections,
  type Config,
  drawAugmentations,
  initialState,
  presetConfig,
  stateDefinitions,
  stateSpecs,
  stepInputs,
  trainingStep,
} from '../packages/dcgan/src/index.ts';
import { NormalStream, UniformStream } from '../packages/latent/src/index.ts';
import { type ConvolutionLowering, compile, type InputData, ProgramState } from '../packages/tfjs-onnx/src/index.ts';

export interface Answer {
  /** Wall-clock time of the steps. */
  readonly seconds: number;
  /** CPU time of the steps, all cores together. */
  readonly cpuSeconds: number;
  /** Largest resident memory so far, in bytes. */
  readonly peakMemory: number;
}

const [preset, convolution] = process.argv.slice(2) as [Config['preset'], ConvolutionLowering];
const config = presetConfig(preset, 'photos');
const definitions = stateDefinitions(config);
const normals = new NormalStream(1);
const state = new ProgramState(stateSpecs(definitions, convolution), initialState(definitions, normals), { runtime });
const program = await compile(trainingStep(config, { penalise: false }), {
  state,
  convolution,
  inputs: stepInputs(config),
});

const { batch, size, latent, lrD, lrG, beta1, beta2 } = config;
const uniforms = new UniformStream(2);
const corrections = adamCorrections(beta1, beta2, 10);
const inputs: Record<string, InputData> = {
  real: Uint8Array.from({ length: batch * size * size * 3 }, () => uniforms.nextInt(256)),
  z: normals.fill(new Float32Array(batch * latent)),
  augmentReal: drawAugmentations(uniforms, batch, size),
  augmentFake: drawAugmentations(uniforms, batch, size),
  rateD: Float32Array.of(lrD / corrections.first),
  rateG: Float32Array.of(lrG / corrections.first),
  adamCorrection: Float32Array.of(1 / Math.sqrt(corrections.second)),
  emaDecay: Float32Array.of(0.99),
};

process.on('message', async (steps: number) => {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  for (let i = 0; i < steps; i++) await program.run(inputs);
  const { user, system } = process.cpuUsage(cpu);
  const answer: Answer = {
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMemory: process.resourceUsage().maxRSS * 1024,
  };
  process.send!(answer);
});
process.send!('ready');
