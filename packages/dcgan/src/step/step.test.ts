// @module-tag slow

import { NormalStream, UniformStream } from '@latent-dogs/latent';
import { type ConvolutionLowering, compile, type NamedValues, ProgramState } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as runtime from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { discriminatorParameters } from '../networks/discriminator.ts';
import { generatorParameters } from '../networks/generator.ts';
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
  'frozen layers of D': { ...base, freezeD: 1 },
  'R1 through frozen layers': { ...base, attention: 8, channels: 8, normD: 'none', spectral: true, r1: 3, freezeD: 2 },
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
      expect(Object.keys(expected.state).length).toBeGreaterThan(config.freezeD > 0 ? 20 : 30);
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

describe('frozen layers of D', () => {
  const config: StepConfig = { ...base, attention: 8, channels: 8 };
  // The map of 8x8 that self-attention works on is the first layer's.
  const attention = ['query', 'key', 'value', 'output'].map((part) => `d/attention/${part}/filter`);
  const first = ['d/0/filter', 'd/0/bias', ...attention, 'd/attention/gain'];
  const frozenNames: Record<number, string[]> = { 1: first, 2: [...first, 'd/1/filter', 'd/1/gamma', 'd/1/beta'] };
  const values = stateOf(config);

  async function stepped(freezeD: number, rates: { rateD: Float32Array }) {
    const state = new ProgramState(stateSpecs(stateDefinitions(config), 'gemm'), values, { runtime });
    const step = trainingStep({ ...config, freezeD }, { penalise: false });
    const program = await compile(step, { state, convolution: 'gemm', inputs: stepInputs(config) });
    const outputs = await program.run({ ...inputsOf(config, 7), ...rates });
    const after = await state.read();
    await program.dispose();
    return { after, outputs, nodes: program.graph.nodes };
  }
  const learning = { rateD: Float32Array.of(4e-4) };
  const standing = { rateD: Float32Array.of(0) };

  test.each([1, 2])(
    '%i of them stay bit for bit; D learns in the others what it learns without freezing',
    async (n) => {
      const [frozen, free] = [await stepped(n, learning), await stepped(0, learning)];
      for (const name of Object.keys(discriminatorParameters(config))) {
        const isFrozen = frozenNames[n]!.includes(name);
        for (const tensor of [name, `adam/m/${name}`, `adam/v/${name}`]) {
          if (isFrozen) expect(frozen.after[tensor], tensor).toEqual(values[tensor]);
          else expect(relativeError(frozen.after[tensor]!, free.after[tensor]!), tensor).toBeLessThan(1e-6);
          expect(free.after[tensor], tensor).not.toEqual(values[tensor]);
        }
      }
      expect(frozen.outputs['lossD']!.data[0]).toBeCloseTo(free.outputs['lossD']!.data[0]!, 5);
    },
  );

  test('G learns through them: with a D that stands still, what it learns does not depend on freezing', async () => {
    const [frozen, free] = [await stepped(2, standing), await stepped(0, standing)];
    for (const name of Object.keys(generatorParameters(config)))
      expect(relativeError(frozen.after[`adam/m/${name}`]!, free.after[`adam/m/${name}`]!), name).toBeLessThan(1e-6);
    expect(frozen.outputs['lossG']!.data[0]).toBeCloseTo(free.outputs['lossG']!.data[0]!, 5);
  });

  test('their gradients are not in the graph', async () => {
    const plain: StepConfig = { ...base, normD: 'none' };
    /** Matrix products with as many results as the filter of layer 0, of layer 1 and of layer 2 has values. */
    const products = async (freezeD: number) => {
      const state = new ProgramState(stateSpecs(stateDefinitions(plain), 'gemm'), stateOf(plain), { runtime });
      const step = trainingStep({ ...plain, freezeD }, { penalise: false });
      const { graph } = await compile(step, { state, convolution: 'gemm', inputs: stepInputs(plain) });
      const sizes = graph.nodes.flatMap(({ operator, outputs }) =>
        operator === 'MatMul' || operator === 'Gemm' ? [sizeOf(outputs[0]!.shape)] : [],
      );
      const filters = ['d/0/filter', 'd/1/filter', 'd/2/filter'].map((name) => stateDefinitions(plain)[name]!.shape);
      return filters.map((filter) => sizes.filter((size) => size === sizeOf(filter)).length);
    };
    const [first, second, third] = (await products(0)) as [number, number, number];
    // One for photos and one for fakes.
    expect(await products(1)).toEqual([first - 2, second, third]);
    expect(await products(2)).toEqual([first - 2, second - 2, third]);
  });
});

const sizeOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

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
