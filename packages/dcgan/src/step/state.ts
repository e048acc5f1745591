import type { NormalStream } from '@latent-dogs/latent';
import { type ConvolutionLowering, type NamedSpecs, type NamedValues, OIHW } from '@latent-dogs/tfjs-onnx';
import { discriminatorParameters } from '../networks/discriminator.ts';
import { generatorParameters, generatorStatistics } from '../networks/generator.ts';
import type { NetworkConfig, TensorDefinitions } from '../networks/network.ts';
import { spectralStatistics } from '../networks/spectral-norm.ts';

/** Values of one tensor outside the device, as a checkpoint keeps them. */
export interface Tensor {
  shape: number[];
  /** As many values as the product of `shape`, row-major. */
  data: Float32Array;
}

export interface StateConfig extends NetworkConfig {
  /** Half-life of G's moving average in images; 0 for none. */
  readonly emaImages: number;
}

const prefixed = (definitions: TensorDefinitions, prefix: string): TensorDefinitions =>
  Object.fromEntries(Object.entries(definitions).map(([name, definition]) => [prefix + name, definition]));

/** All that a run remembers in tensors: G, D, running statistics, both optimisers' moments, the moving average of G. */
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
 * The part of a run's tensors that pictures are sampled with, under the names that G gives them: the moving average of
 * parameters and statistics if the run keeps one, otherwise G itself. Works for whatever is held by name.
 */
export function averagedGenerator<T>(config: StateConfig, tensors: Readonly<Record<string, T>>): Record<string, T> {
  const prefix = config.emaImages > 0 ? 'ema/' : '';
  const names = [...Object.keys(generatorParameters(config)), ...Object.keys(generatorStatistics(config))];
  return Object.fromEntries(names.map((name) => [name, tensors[prefix + name]!]));
}

/** Filters lie as the convolutions take them: OIHW for ONNX Conv, row-major for matrix products. */
export function stateSpecs(definitions: TensorDefinitions, convolution: ConvolutionLowering): NamedSpecs {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, { shape }]) => [
      name,
      shape.length === 4 && convolution === 'conv' ? { shape, order: OIHW } : { shape },
    ]),
  );
}

/** Fresh values of every tensor; the moving average starts as a copy of G. */
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
