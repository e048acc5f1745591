/**
 * @module Runs training steps of one preset. Arguments: PRESET BACKEND [CHANGES], with changes of the preset's settings as JSON.
 *
 * Each message to this process is a number of steps; the answer is a `StepsTaken`. `pnpm bench train --against` runs this file of
 * another version, so the first two arguments and the messages must not change.
 */
import '@latent-dogs/command-line/without-maglev';
import {
  adamCorrections,
  type Config,
  drawAugmentations,
  Gan,
  initialState,
  presetConfig,
  type StepValues,
  stateDefinitions,
  stateSpecs,
  stepInputs,
  trainingStep,
} from '@latent-dogs/dcgan';
import { NormalStream, UniformStream } from '@latent-dogs/latent';
import {
  type CompileOptions,
  type ConvolutionLowering,
  compile,
  type Device,
  ProgramState,
} from '@latent-dogs/tfjs-onnx';
import * as native from 'onnxruntime-node';
import { createNetworks } from '../packages/train/src/backend/create-networks.ts';
import { peakMemory } from './peak-memory.ts';

/** `gemm` and `conv`: ways to write convolutions in ONNX. `wasm-1` and `gemm-1`: WebAssembly, or native, with so many threads. */
export type StepBackend = ConvolutionLowering | 'gemm-1' | 'gemm-2' | 'wasm-1' | 'wasm-2' | 'tensorflow';

export interface StepsTaken {
  /** Wall-clock time of the steps. */
  readonly seconds: number;
  /** CPU time of the steps, all cores together. */
  readonly cpuSeconds: number;
  /** Largest resident memory so far, in bytes. */
  readonly peakMemory: number;
}

const [preset, backend, changes = '{}'] = process.argv.slice(2) as [Config['preset'], StepBackend, string?];
const config: Config = { ...presetConfig(preset, 'photos'), ...(JSON.parse(changes) as Partial<Config>) };

async function wasm(threads: number): Promise<Device> {
  const web = await import('onnxruntime-web');
  web.env.wasm.numThreads = threads;
  return { runtime: web };
}

/** A whole step: D on photos and on fakes, G, both Adams. */
async function stepOn(
  convolution: ConvolutionLowering,
  device: Device,
  session: CompileOptions['session'] = {},
): Promise<() => Promise<unknown>> {
  const definitions = stateDefinitions(config);
  const values = initialState(definitions, new NormalStream(1));
  const state = new ProgramState(stateSpecs(definitions, convolution), values, device);
  const step = trainingStep(config, { penalise: false });
  const program = await compile(step, { state, convolution, inputs: stepInputs(config), session });
  const { lrD, lrG, beta1, beta2 } = config;
  const corrections = adamCorrections(beta1, beta2, 10);
  const inputs: StepValues = {
    ...batch,
    rateD: Float32Array.of(lrD / corrections.first),
    rateG: Float32Array.of(lrG / corrections.first),
    adamCorrection: Float32Array.of(1 / Math.sqrt(corrections.second)),
    emaDecay: Float32Array.of(0.99),
  };
  return () => program.run(inputs);
}

async function stepOnTensorflow(): Promise<() => Promise<unknown>> {
  const onTensorflow: Config = { ...config, backend: 'tensorflow', device: 'cpu' };
  const gan = await Gan.create(onTensorflow, new NormalStream(1), createNetworks);
  return () => gan.step(batch, 10, onTensorflow);
}

const uniforms = new UniformStream(2);
const batch = {
  real: Uint8Array.from({ length: config.batch * config.size ** 2 * 3 }, () => uniforms.nextInt(256)),
  z: new NormalStream(3).fill(new Float32Array(config.batch * config.latent)),
  augmentReal: drawAugmentations(uniforms, config.batch, config.size),
  augmentFake: drawAugmentations(uniforms, config.batch, config.size),
};

const STEPS: Record<StepBackend, () => Promise<() => Promise<unknown>>> = {
  gemm: () => stepOn('gemm', { runtime: native }),
  conv: () => stepOn('conv', { runtime: native }),
  'gemm-1': () => stepOn('gemm', { runtime: native }, { intraOpNumThreads: 1 }),
  'gemm-2': () => stepOn('gemm', { runtime: native }, { intraOpNumThreads: 2 }),
  'wasm-1': async () => stepOn('gemm', await wasm(1)),
  'wasm-2': async () => stepOn('gemm', await wasm(2)),
  tensorflow: stepOnTensorflow,
};
const step = await STEPS[backend]();
process.on('message', async (steps: number) => {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  for (let i = 0; i < steps; i++) await step();
  const { user, system } = process.cpuUsage(cpu);
  const answer: StepsTaken = {
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMemory: peakMemory(),
  };
  process.send!(answer);
});
process.send!('ready');
