/**
 * @module The counterpart of golden-steps.py for its test: numbers by an integer hash, digests of tensors, and the two training
 * steps run on ONNX Runtime. Only `inputsOf` depends on the names and layouts of a step's inputs.
 */
import { readFileSync } from 'node:fs';
import {
  type ConvolutionLowering,
  compile,
  type InputData,
  type NamedValues,
  type Program,
  ProgramState,
} from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as runtime from 'onnxruntime-node';
import { presetConfig } from '../settings/presets.ts';
import { adam, adamCorrections } from './adam.ts';
import { losses } from './losses.ts';
import { stateDefinitions, stateSpecs } from './state.ts';
import { type StepConfig, samplingStep, stepInputs, trainingStep } from './step.ts';

interface GoldenStep {
  lrD: number;
  lrG: number;
  emaDecay: number;
  penalise: boolean;
  outputs: Record<string, number>;
  /** Digest of each tensor's difference from its initial values. */
  digests: Record<string, number[]>;
}

interface GoldenCase {
  config: StepConfig;
  /** Part of the seed of the inputs. */
  seed: number;
  steps: GoldenStep[];
  /** Digest of pictures sampled after the steps. */
  pictures: number[];
}

interface Golden {
  /** Mean and width of a tensor's first values, by the last part of its name, or `adam/v`. Adam's first moments start at 0. */
  initial: Record<string, [number, number]>;
  cases: Record<string, GoldenCase>;
  /** Steps of PyTorch's Adam from 0: each step's gradients, and parameters after it. */
  adam: { lr: number; beta1: number; beta2: number; gradients: number[][]; parameters: number[][] };
  /** Value and slope of PyTorch's BCELoss of one logit, for a photo and for a fake. */
  clampedCrossEntropy: { logit: number; real: [number, number]; fake: [number, number] }[];
}

export const golden = JSON.parse(readFileSync(new URL('golden-steps.json', import.meta.url), 'utf8')) as Golden;
// Settings that a case doesn't name have the values of the `paper` preset.
for (const one of Object.values(golden.cases)) one.config = { ...presetConfig('paper', 'photos'), ...one.config };

/** FNV-1a of the name, plus the index times 2^32 / golden ratio, through MurmurHash3's finaliser. */
function hashes(name: string, count: number): Uint32Array {
  let seed = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) seed = Math.imul(seed ^ byte, 0x01000193);
  return Uint32Array.from({ length: count }, (_, i) => {
    let h = (Math.imul(i, 0x9e3779b9) + seed) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return h ^ (h >>> 16);
  });
}

/** `count` numbers within width / 2 of the mean. */
const uniform = (name: string, count: number, mean: number, width: number): Float32Array =>
  Float32Array.from(hashes(name, count), (h) => mean + width * (((h >>> 8) - 2 ** 23) / 2 ** 24));

const sizeOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

/** A small tensor: all its values. A large one: mean, root mean square, two projections on random signs and two values. */
export function digest(name: string, x: ArrayLike<number>): number[] {
  const values = Float64Array.from(x);
  if (values.length <= 6) return [...values];
  const sum = (weight: (value: number, i: number) => number) =>
    values.reduce((total, value, i) => total + weight(value, i), 0);
  const projection = (part: string) => {
    const random = hashes(`${name} ${part}`, values.length);
    return sum((value, i) => (random[i]! >= 2 ** 31 ? -value : value)) / Math.sqrt(values.length);
  };
  return [
    sum((value) => value) / values.length,
    Math.sqrt(sum((value) => value ** 2) / values.length),
    projection('first'),
    projection('second'),
    ...Array.from(hashes(`${name} samples`, 2), (h) => values[h % values.length]!),
  ];
}

/** Root mean square of the tensor behind a digest. */
export const scaleOf = (digested: readonly number[], length: number): number =>
  length <= 6 ? Math.sqrt(digested.reduce((sum, value) => sum + value ** 2, 0) / length) : digested[1]!;

/** Draws of the augmentation, [N, 7] in the order of drawAugmentations. */
function augmentDraws(name: string, { batch, size }: StepConfig): Float32Array {
  const reach = size / 8;
  const whole = (column: number, count: number) => hashes(`${name} ${column}`, batch).map((h) => h % count);
  const columns = [
    uniform(`${name} brightness`, batch, 0, 1),
    uniform(`${name} saturation`, batch, 1, 2),
    uniform(`${name} contrast`, batch, 1, 1),
    ...[3, 4].map((column) => Array.from(whole(column, 2 * reach + 1), (value) => value - reach)),
    ...[5, 6].map((column) => whole(column, size + 1)),
  ];
  return Float32Array.from({ length: batch * columns.length }, (_, i) => {
    const row = Math.floor(i / columns.length);
    return columns[i % columns.length]![row]!;
  });
}

/** Inputs of step `number` = 1, 2, … in the layout of `stepInputs`. */
function inputsOf({ config, seed, steps }: GoldenCase, number: number): Record<string, InputData> {
  const { batch, size, latent, beta1, beta2 } = config;
  const { lrD, lrG, emaDecay } = steps[number - 1]!;
  const { first, second } = adamCorrections(beta1, beta2, number);
  return {
    real: Uint8Array.from(hashes(`photos ${seed} ${number}`, batch * size * size * 3), (h) => h >>> 24),
    z: uniform(`z ${seed} ${number}`, batch * latent, 0, 3.5),
    augmentReal: augmentDraws(`real ${seed} ${number}`, config),
    augmentFake: augmentDraws(`fake ${seed} ${number}`, config),
    rateD: Float32Array.of(lrD / first),
    rateG: Float32Array.of(lrG / first),
    adamCorrection: Float32Array.of(1 / Math.sqrt(second)),
    emaDecay: Float32Array.of(emaDecay),
  };
}

/** Initial values of every tensor. */
function startOf(config: StepConfig): NamedValues {
  return Object.fromEntries(
    Object.entries(stateDefinitions(config)).map(([name, { shape }]) => {
      if (name.startsWith('adam/m/')) return [name, new Float32Array(sizeOf(shape))];
      const kind = name.startsWith('adam/v/') ? 'adam/v' : name.slice(name.lastIndexOf('/') + 1);
      const [mean, width] = golden.initial[kind]!;
      return [name, uniform(name, sizeOf(shape), mean, width)];
    }),
  );
}

interface StepResults {
  outputs: Record<string, number>;
  /** Difference of each tensor from its initial values. */
  tensors: Record<string, Float64Array>;
}

/** Runs both steps of a case with this package, and samples pictures [N, size, size, 3] after them. */
export async function runSteps(
  expected: GoldenCase,
  convolution: ConvolutionLowering,
): Promise<{ results: StepResults[]; pictures: Float32Array }> {
  const { config, steps } = expected;
  const start = startOf(config);
  const state = new ProgramState(stateSpecs(stateDefinitions(config), convolution), start, { runtime });
  const programs = new Map<boolean, Program>();
  const results: StepResults[] = [];
  for (const [i, { penalise }] of steps.entries()) {
    const program =
      programs.get(penalise) ??
      (await compile(trainingStep(config, { penalise }), {
        state,
        convolution,
        inputs: stepInputs(config),
      }));
    programs.set(penalise, program);
    const outputs = await program.run(inputsOf(expected, i + 1));
    const now = await state.read();
    results.push({
      outputs: Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, Number(data[0])])),
      tensors: Object.fromEntries(
        Object.entries(now).map(([name, data]) => [
          name,
          Float64Array.from(data, (value, at) => value - start[name]![at]!),
        ]),
      ),
    });
  }
  const { batch, latent } = config;
  const sampler = await compile(samplingStep(config), {
    state,
    convolution,
    inputs: { z: { shape: [batch, latent] } },
  });
  const { pictures } = await sampler.run({ z: uniform('z sampled', batch * latent, 0, 3.5) });
  await Promise.all([...programs.values(), sampler].map((program) => program.dispose()));
  await state.dispose();
  return { results, pictures: pictures!.data as Float32Array };
}

/** Parameters after each step of `adam` from 0, on TF.js's CPU backend. */
export function adamSteps({ lr, beta1, beta2, gradients }: Golden['adam']): number[][] {
  void tf.setBackend('cpu');
  return tf.tidy(() => {
    const zeros = tf.zeros([gradients[0]!.length]);
    let tensors: Record<string, tf.Tensor> = { x: zeros, 'adam/m/x': zeros, 'adam/v/x': zeros };
    return gradients.map((gradient, i) => {
      const { first, second } = adamCorrections(beta1, beta2, i + 1);
      const [rate, correction] = [tf.scalar(lr / first), tf.scalar(1 / Math.sqrt(second))];
      tensors = adam(tensors, { x: tf.tensor1d(gradient) }, rate, correction, beta1, beta2);
      return Array.from(tensors['x']!.dataSync());
    });
  });
}

/** Value and slope at one logit; the other side of D's loss has a logit whose loss is 0. */
export function clampedCrossEntropy(side: 'real' | 'fake' | 'generator', logit: number): [number, number] {
  void tf.setBackend('cpu');
  const { discriminator, generator } = losses['bce-clamped'];
  const sides = {
    real: (x: tf.Tensor) => discriminator(x, tf.tensor1d([-200])),
    fake: (x: tf.Tensor) => discriminator(tf.tensor1d([200]), x),
    generator: (x: tf.Tensor) => generator(() => tf.tensor1d([0]), x),
  };
  return tf.tidy(() => {
    const { value, grad } = tf.valueAndGrad(sides[side])(tf.tensor1d([logit]));
    return [value.dataSync()[0]!, grad.dataSync()[0]!];
  });
}
