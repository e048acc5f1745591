/** @module The tensors of a run: their shapes, initial values and layouts. */
import type { NormalStream } from '@latent-dogs/latent';
import { type ConvolutionLowering, type NamedSpecs, type NamedValues, OIHW } from '@latent-dogs/tfjs-onnx';
import { discriminatorParameters } from '../networks/discriminator.ts';
import { generatorParameters, generatorStatistics } from '../networks/generator.ts';
import type { NetworkConfig, TensorDefinitions } from '../networks/network.ts';
import { spectralStatistics } from '../networks/spectral-norm.ts';

/** Values of one tensor in memory, as a checkpoint stores them. */
export interface Tensor {
  shape: number[];
  /** Row-major. */
  data: Float32Array;
}

export interface StateConfig extends NetworkConfig {
  /** Half-life of G's moving average in images; 0: no average. */
  readonly emaImages: number;
}

const prefixed = (definitions: TensorDefinitions, prefix: string): TensorDefinitions =>
  Object.fromEntries(Object.entries(definitions).map(([name, definition]) => [prefix + name, definition]));

/** All tensors of a run: G, D, running statistics, the moments of both optimisers, the moving average of G. */
export function stateDefinitions(config: StateConfig): TensorDefinitions {
  const G = generatorParameters(config);
  const D = discriminatorParameters(config);
  const statistics = generatorStatistics(config);
  const parameters = { ...G, ...D };
  const moments = Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }]) => [name, { shape, initial: { constant: 0 } }]),
  );
  return {
    ...parameters,
    ...statistics,
    ...spectralStatistics(config, D),
    ...prefixed(moments, 'adam/m/'),
    ...prefixed(moments, 'adam/v/'),
    ...(config.emaImages > 0 ? prefixed({ ...G, ...statistics }, 'ema/') : {}),
  };
}

/**
 * The tensors that pictures are sampled with, under G's own names: the moving average of parameters and statistics if the
 * run keeps one, otherwise G itself. `T` can be tensors, definitions or any other value held by name.
 */
export function averagedGenerator<T>(config: StateConfig, tensors: Readonly<Record<string, T>>): Record<string, T> {
  const prefix = config.emaImages > 0 ? 'ema/' : '';
  const names = [...Object.keys(generatorParameters(config)), ...Object.keys(generatorStatistics(config))];
  return Object.fromEntries(names.map((name) => [name, tensors[prefix + name]!]));
}

/** Shapes and memory layouts of tensors: filters are OIHW for ONNX Conv, row-major for matrix products. */
export function stateSpecs(definitions: TensorDefinitions, convolution: ConvolutionLowering): NamedSpecs {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, { shape }]) => [
      name,
      shape.length === 4 && convolution === 'conv' ? { shape, order: OIHW } : { shape },
    ]),
  );
}

/** Initial values of every tensor, drawn from `stream`. The moving average starts as a copy of G. */
export function initialState(definitions: TensorDefinitions, stream: NormalStream): NamedValues {
  const values: NamedValues = {};
  for (const [name, { shape, initial }] of Object.entries(definitions)) {
    if (name.startsWith('ema/')) {
      values[name] = values[name.slice('ema/'.length)]!.slice();
      continue;
    }
    const data = new Float32Array(shape.reduce((size, dimension) => size * dimension, 1));
    if ('constant' in initial) data.fill(initial.constant);
    else {
      stream.fill(data);
      for (let i = 0; i < data.length; i++) data[i] = initial.mean + initial.deviation * data[i]!;
    }
    values[name] = data;
  }
  return values;
}
