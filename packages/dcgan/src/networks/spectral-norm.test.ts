import { NormalStream } from '@latent-dogs/latent';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { beforeAll, expect, test } from 'vitest';
import { presetConfig } from '../settings/presets.ts';
import { discriminatorParameters } from './discriminator.ts';
import type { NetworkConfig, Tensors } from './network.ts';
import { powerIteration, spectrallyNormalised, spectralStatistics } from './spectral-norm.ts';

const config: NetworkConfig = {
  ...presetConfig('paper', 'photos'),
  size: 16,
  channels: 4,
  latent: 5,
  attention: 8,
  normD: 'none',
  spectral: true,
};

beforeAll(() => tf.setBackend('cpu').then(() => {}));

/** Largest singular value of the filter as a matrix with one row or column per output channel. */
function largestSingularValue(filter: tf.Tensor): number {
  const outputs = filter.shape[3]!;
  const values = Array.from(filter.dataSync());
  const rows = Array.from({ length: outputs }, (_, o) => values.filter((_value, at) => at % outputs === o));
  return new SingularValueDecomposition(new Matrix(rows), { autoTranspose: true }).diagonal[0]!;
}

test('power iteration scales the largest singular value of each filter to 1, and leaves other parameters unchanged', () => {
  const definitions = discriminatorParameters(config);
  const normals = new NormalStream(4);
  const draw = (shape: readonly number[]) =>
    tf.tensor(normals.fill(new Float32Array(shape.reduce((product, length) => product * length, 1))), [...shape]);
  const parameters: Tensors = Object.fromEntries(
    Object.entries(definitions).map(([name, { shape }]) => [name, draw(shape)]),
  );
  let u: Tensors = Object.fromEntries(
    Object.entries(spectralStatistics(config, definitions)).map(([name, { shape }]) => [name, draw(shape)]),
  );
  let v: Tensors = {};
  for (let i = 0; i < 300; i++) ({ u, v } = powerIteration(config, { ...parameters, ...u }));
  const normalised = spectrallyNormalised(config, parameters, { u, v });
  for (const [name, tensor] of Object.entries(normalised)) {
    if (name.endsWith('/filter')) expect(largestSingularValue(tensor), name).toBeCloseTo(1, 2);
    else expect(tensor, name).toBe(parameters[name]);
  }
});
