// @module-tag slow

import { NormalStream, UniformStream } from '@latent-dogs/latent';
import {
  type CompileOptions,
  compile,
  type NamedValues,
  type Program,
  ProgramState,
  type Step,
} from '@latent-dogs/tfjs-onnx';
import { compileRounding } from '@latent-dogs/tfjs-onnx/testing/rounding-program';
import * as runtime from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { presetConfig } from '../settings/presets.ts';
import { adamCorrections } from './adam.ts';
import { drawAugmentations } from './augment.ts';
import { initialState, stateDefinitions, stateSpecs } from './state.ts';
import { LOSS_SCALE, type StepConfig, stepInputs, trainingStep } from './step.ts';

const config: StepConfig = {
  ...presetConfig('paper', 'photos'),
  size: 32,
  channels: 8,
  latent: 16,
  batch: 8,
  normD: 'none',
  spectral: true,
  emaImages: 1000,
  augment: ['color', 'translation', 'cutout'],
};

interface Way {
  readonly lossScale?: number;
  readonly precision?: 'fp32' | 'mixed';
  readonly build?: (step: Step, options: CompileOptions) => Promise<Program>;
}

/** Results of steps of a fresh GAN on noise as photos. */
async function train(steps: number, { lossScale, precision, build = compile }: Way) {
  const definitions = stateDefinitions(config);
  const initial = initialState(definitions, new NormalStream(1));
  const state = new ProgramState(stateSpecs(definitions, 'conv'), initial, { runtime });
  const program = await build(trainingStep(config, { penalise: false, lossScale }), {
    state,
    inputs: stepInputs(config),
    convolution: 'conv',
    precision,
  });
  const [normals, uniforms] = [new NormalStream(2), new UniformStream(3)];
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const { first, second } = adamCorrections(config.beta1, config.beta2, step);
    const outputs = await program.run({
      real: Uint8Array.from({ length: config.batch * config.size ** 2 * 3 }, () => uniforms.nextInt(256)),
      z: normals.fill(new Float32Array(config.batch * config.latent)),
      augmentReal: drawAugmentations(uniforms, config.batch, config.size),
      augmentFake: drawAugmentations(uniforms, config.batch, config.size),
      rateD: Float32Array.of(2e-4 / first),
      rateG: Float32Array.of(2e-4 / first),
      adamCorrection: Float32Array.of(1 / Math.sqrt(second)),
      emaDecay: Float32Array.of(0.9),
    });
    losses.push(outputs['lossD']!.data[0]!, outputs['lossG']!.data[0]!);
  }
  const values = await state.read();
  await program.dispose();
  await state.dispose();
  return { losses, values };
}

const MIXED: Way = { lossScale: LOSS_SCALE, precision: 'mixed', build: compileRounding };

/** Largest relative error in norm of the first moments, which after one step are the gradients. */
function gradientError(actual: NamedValues, expected: NamedValues): number {
  const errors = Object.entries(expected)
    .filter(([name]) => name.startsWith('adam/m/'))
    .map(([name, wanted]) => {
      return Math.hypot(...wanted.map((value, i) => actual[name]![i]! - value)) / Math.hypot(...wanted);
    });
  return Math.max(...errors);
}

test('the loss scale does not change the gradients in float32', async () => {
  const [plain, scaled] = [await train(2, {}), await train(2, { lossScale: LOSS_SCALE })];
  expect(scaled.losses).toEqual(plain.losses);
  for (const [name, values] of Object.entries(plain.values)) expect(scaled.values[name], name).toEqual(values);
});

test('gradients of a fresh GAN in mixed precision are close to those in float32, and underflow if scaled down', async () => {
  const { values } = await train(1, {});
  const error = async (way: Way) => gradientError((await train(1, way)).values, values);
  // A few percent: rounding carries some activations across the kink of LeakyReLU.
  expect(await error(MIXED)).toBeLessThan(0.1);
  expect(await error({ ...MIXED, lossScale: 2 ** -10 })).toBeGreaterThan(0.5);
});

test('50 steps in mixed precision give nearly the losses of float32, and finite float32 state', async () => {
  const [fp32, mixed] = [await train(50, {}), await train(50, MIXED)];
  const furthest = Math.max(...fp32.losses.map((loss, i) => Math.abs(mixed.losses[i]! - loss)));
  expect(furthest).toBeLessThan(0.01);
  // Something was rounded.
  expect(furthest).toBeGreaterThan(1e-6);
  for (const [name, values] of Object.entries(mixed.values)) expect(values.every(Number.isFinite), name).toBe(true);
});
