// @module-tag slow

import { NormalStream } from '@latent-dogs/latent';
import type { Graph, Program } from '@latent-dogs/tfjs-onnx';
import * as runtime from 'onnxruntime-node';
import { afterEach, expect, test, vi } from 'vitest';
import { presetConfig } from '../settings/presets.ts';
import type { Config } from '../settings/settings.ts';
import { createOnnxNetworks } from './onnx-networks.ts';
import { initialState, stateDefinitions } from './state.ts';

const graphs: Graph[] = [];
vi.mock('@latent-dogs/tfjs-onnx', async (original) => {
  const actual = await original<typeof import('@latent-dogs/tfjs-onnx')>();
  const compile = async (...options: Parameters<typeof actual.compile>): Promise<Program> => {
    const program = await actual.compile(...options);
    graphs.push(program.graph);
    return program;
  };
  return { ...actual, compile };
});
afterEach(() => void graphs.splice(0));

const config: Config = { ...presetConfig('dogs', 'photos'), channels: 8, batch: 2, latent: 8, r1: 1 };

const halves = ({ nodes }: Graph) =>
  nodes.filter(({ outputs }) => outputs.some(({ type }) => type === 'float16')).length;
/** Whether something is divided by the loss scale. */
const unscales = ({ nodes }: Graph) =>
  nodes.some(
    ({ operator, inputs }) => operator === 'Div' && inputs[1]?.constant?.length === 1 && inputs[1].constant[0] === 256,
  );

test.each(['fp32', 'mixed'] as const)(
  '%s: what the steps multiply, and that G is sampled in float32',
  async (precision) => {
    const values = initialState(stateDefinitions(config), new NormalStream(1));
    const networks = await createOnnxNetworks({ ...config, precision }, { runtime }, values);
    const [plain, penalised, sampler] = graphs as [Graph, Graph, Graph];
    for (const step of [plain, penalised]) {
      expect(halves(step) > 0).toBe(precision === 'mixed');
      expect(unscales(step)).toBe(precision === 'mixed');
    }
    expect(penalised.nodes.length).toBeGreaterThan(plain.nodes.length);
    expect(halves(sampler)).toBe(0);
    await networks.dispose();
  },
);

test('many pictures are sampled in portions, each for its own z', async () => {
  const values = initialState(stateDefinitions(config), new NormalStream(1));
  const networks = await createOnnxNetworks(config, { runtime }, values);
  const z = new NormalStream(2).fill(new Float32Array(48 * config.latent));
  const all = await networks.sample(z);
  const length = 16 * config.size ** 2 * 3;
  expect(all.length).toBe(3 * length);
  for (const portion of [0, 1, 2]) {
    const alone = await networks.sample(z.slice(16 * portion * config.latent, 16 * (portion + 1) * config.latent));
    expect(all.slice(portion * length, (portion + 1) * length)).toEqual(alone);
  }
  await networks.dispose();
});
