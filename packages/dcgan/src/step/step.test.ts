// @module-tag slow

import { NormalStream, UniformStream } from '@latent-dogs/latent';
import { type ConvolutionLowering, compile, type NamedValues, ProgramState } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as runtime from 'onnxruntime-node';
import { beforeAll, expect, test } from 'vitest';
import { presetConfig } from '../settings/presets.ts';
import { drawAugmentations } from './augment.ts';
import { initialState, stateDefinitions, stateSpecs } from './state.ts';
import { type StepConfig, samplingStep, stepInputs, trainingStep } from './step.ts';

const base: StepConfig = {
  ...presetConfig('paper', 'photos'),
  size: 16,
  channels: 4,
  latent: 5,
  batch: 3,
  emaImages: 1000,
};

const variants: Record<string, StepConfig> = {
  'as published': base,
  'spectral norm, augmentation': {
    ...base,
    normD: 'none',
    spectral: true,
    augment: ['color', 'translation', 'cutout'],
    loss: 'non-saturating',
  },
  'clamped cross-entropy': { ...base, loss: 'bce-clamped' },
  'R1 through the gradient': { ...base, normD: 'none', r1: 10, r1Every: 2 },
  'R1 through spectral norm': { ...base, normD: 'none', spectral: true, r1: 3, augment: ['translation'] },
  'relativistic, R1 and R2': { ...base, normD: 'none', loss: 'relativistic', r1: 2, r1Every: 2 },
  'self-attention': { ...base, attention: 8, channels: 8 },
  'R1 through self-attention and spectral norm': { ...base, attention: 8, normD: 'none', spectral: true, r1: 3 },
  'hinge, nearest pixels': { ...base, loss: 'hinge', upsample: 'nearest', emaImages: 0 },
};

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const bytes = (length: number, seed: number) => {
  const uniforms = new UniformStream(seed);
  return Uint8Array.from({ length }, () => uniforms.nextInt(256));
};

function inputsOf(config: StepConfig, seed: number) {
  const normals = new NormalStream(seed);
  const { batch, size, latent } = config;
  return {
    real: bytes(batch * size * size * 3, seed + 2),
    z: normals.fill(new Float32Array(batch * latent)),
    augmentReal: drawAugmentations(new UniformStream(seed), batch, size),
    augmentFake: drawAugmentations(new UniformStream(seed + 1), batch, size),
    rateD: Float32Array.of(4e-4),
    rateG: Float32Array.of(2e-4),
    adamCorrection: Float32Array.of(1.5),
    emaDecay: Float32Array.of(0.9),
  };
}

/** Tensors far from their initial values, so that no gradient is accidentally zero. */
function stateOf(config: StepConfig): NamedValues {
  const normals = new NormalStream(99);
  const values = initialState(stateDefinitions(config), normals);
  for (const [name, data] of Object.entries(values)) {
    const noise = normals.fill(new Float32Array(data.length));
    const positive = name.startsWith('adam/v/') || name.endsWith('/variance');
    values[name] = data.map((value, i) =>
      positive ? 0.01 + Math.abs(value) + Math.abs(noise[i]!) * 0.1 : value + noise[i]! * 0.1,
    );
  }
  return values;
}

const relativeError = (actual: Float32Array, expected: Float32Array) => {
  let difference = 0;
  let norm = 0;
  expected.forEach((value, i) => {
    difference += (actual[i]! - value) ** 2;
    norm += value ** 2;
  });
  return Math.sqrt(difference / Math.max(norm, 1e-12));
};

/** The step run by TF.js itself, kernel by kernel, on its own backend. */
function eager(config: StepConfig, penalise: boolean, values: NamedValues, inputs: ReturnType<typeof inputsOf>) {
  const definitions = stateDefinitions(config);
  return tf.tidy(() => {
    const state = Object.fromEntries(
      Object.entries(values).map(([name, data]) => [name, tf.tensor(data, [...definitions[name]!.shape])]),
    );
    const specs = stepInputs(config);
    const tensors = Object.fromEntries(
      Object.entries(inputs).map(([name, data]) => [
        name,
        tf.tensor(data, [...specs[name]!.shape], data instanceof Uint8Array ? 'int32' : 'float32'),
      ]),
    );
    const result = trainingStep(config, { penalise })(state, tensors);
    const read = (named: Record<string, tf.Tensor> = {}) =>
      Object.fromEntries(Object.entries(named).map(([name, tensor]) => [name, tensor.dataSync() as Float32Array]));
    return { state: read(result.state), outputs: read(result.outputs) };
  });
}

for (const [title, config] of Object.entries(variants)) {
  for (const convolution of ['gemm', 'conv'] as ConvolutionLowering[]) {
    test(`a whole training step agrees with TF.js's own backend: ${title}, ${convolution}`, async () => {
      const penalise = config.r1 > 0;
      const values = stateOf(config);
      const inputs = inputsOf(config, 7);
      const expected = eager(config, penalise, values, inputs);

      const state = new ProgramState(stateSpecs(stateDefinitions(config), convolution), values, { runtime });
      const program = await compile(trainingStep(config, { penalise }), {
        state,
        convolution,
        inputs: stepInputs(config),
      });
      const outputs = await program.run(inputs);
      const actual = await state.read();

      for (const [name, data] of Object.entries(expected.outputs)) {
        expect(Math.abs(outputs[name]!.data[0]! - data[0]!), name).toBeLessThan(1e-4 * Math.max(1, Math.abs(data[0]!)));
      }
      expect(Object.keys(expected.state).length).toBeGreaterThan(30);
      for (const [name, data] of Object.entries(expected.state)) {
        expect(relativeError(actual[name]!, data), name).toBeLessThan(1e-4);
        // Moments hold the gradients: they must have moved by what the gradients say, not stayed near.
        if (name.startsWith('adam/m/')) {
          const change = (after: Float32Array) => after.map((value, i) => value - config.beta1 * values[name]![i]!);
          expect(relativeError(change(actual[name]!), change(data)), `gradient of ${name}`).toBeLessThan(1e-4);
        }
      }
      await program.dispose();
    });
  }
}

test('the traced step evaluates G once, and the sampler has no batch statistics', async () => {
  const state = new ProgramState(stateSpecs(stateDefinitions(base), 'conv'), stateOf(base), { runtime });
  const step = await compile(trainingStep(base, { penalise: false }), {
    state,
    convolution: 'conv',
    inputs: stepInputs(base),
  });
  const count = (program: typeof step, operator: string) =>
    program.graph.nodes.filter((node) => node.operator === operator).length;
  // tanh(G(z)) occurs once, though both losses use it.
  expect(count(step, 'Tanh')).toBe(1);
  const sampler = await compile(samplingStep(base), {
    state,
    convolution: 'conv',
    inputs: { z: { shape: [2, base.latent] } },
  });
  expect(count(sampler, 'ReduceMean')).toBe(0);
});

test('a picture does not depend on what else is in its batch', async () => {
  const state = new ProgramState(stateSpecs(stateDefinitions(base), 'gemm'), stateOf(base), { runtime });
  const z = new NormalStream(3).fill(new Float32Array(4 * base.latent));
  const sample = async (values: Float32Array, N: number) => {
    const sampler = await compile(samplingStep(base), {
      state,
      convolution: 'gemm',
      inputs: { z: { shape: [N, base.latent] } },
    });
    return (await sampler.run({ z: values })).pictures!.data as Float32Array;
  };
  const together = await sample(z, 4);
  const alone = await sample(z.slice(2 * base.latent, 3 * base.latent), 1);
  const size = base.size ** 2 * 3;
  expect(relativeError(together.slice(2 * size, 3 * size), alone)).toBeLessThan(1e-6);
});
