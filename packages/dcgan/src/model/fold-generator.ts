/** @module The generator with its batch norms folded into the convolutions: only convolutions, biases, ReLU, tanh, and self-attention if it has any. */

import { BATCH_NORM_EPSILON } from '../networks/batch-norm.ts';
import { attentionLevel, channelsAt, doublings, type NetworkConfig } from '../networks/network.ts';
import { attentionParameters } from '../networks/self-attention.ts';
import type { Tensor } from '../step/state.ts';
import { tensorValues } from './tensor-values.ts';

/** A doubling: a convolution's filter in TF.js's order with the batch norm after it multiplied in. */
export interface FoldedLayer {
  /** Transposed: [4, 4, out, in]. Nearest: [3, 3, in, out]. */
  readonly shape: readonly [number, number, number, number];
  readonly filter: Float32Array;
  /** [out] */
  readonly bias: Float32Array;
}

export interface FoldedGenerator {
  readonly config: NetworkConfig;
  /** From z to 4x4 features, ordered [C, 4, 4]. */
  readonly projection: {
    /** [latent, C·16] */
    readonly weights: Float32Array;
    /** [C·16] */
    readonly bias: Float32Array;
  };
  readonly layers: readonly FoldedLayer[];
  /** Parameters of the block `g/attention` by name, unchanged; empty if the network has none. */
  readonly attention: Readonly<Record<string, Tensor>>;
}

/**
 * Folds each batch norm, gamma·(x - mean)/sqrt(variance + 1e-5) + beta, into the convolution before it, in float64.
 *
 * @param tensors of G by name: `g/0/filter`, `g/0/gamma`, `g/0/beta`, `g/0/mean`, `g/0/variance`, …
 * @throws UserError naming a tensor that is missing or does not have the shape that follows from `config`.
 */
export function foldGenerator(config: NetworkConfig, tensors: Readonly<Record<string, Tensor>>): FoldedGenerator {
  const last = doublings(config);
  const layers = Array.from({ length: last }, (_, i) => foldDoubling(config, tensors, i + 1));
  return { config, projection: foldProjection(config, tensors), layers, attention: attentionOf(config, tensors) };
}

function attentionOf(config: NetworkConfig, tensors: Readonly<Record<string, Tensor>>): FoldedGenerator['attention'] {
  const level = attentionLevel(config);
  if (level === null) return {};
  const definitions = Object.entries(attentionParameters('g/attention', channelsAt(config, level)));
  return Object.fromEntries(
    definitions.map(([name, { shape }]) => [
      name,
      { shape: [...shape], data: tensorValues(tensors, name, shape).slice() },
    ]),
  );
}

function foldProjection(
  config: NetworkConfig,
  tensors: Readonly<Record<string, Tensor>>,
): FoldedGenerator['projection'] {
  const { latent } = config;
  const C = channelsAt(config, 0);
  const filter = tensorValues(tensors, 'g/0/filter', [4, 4, C, latent]);
  const { scale, shift } = batchNorm(tensors, 'g/0', C);
  const weights = new Float32Array(latent * C * 16);
  const bias = new Float32Array(C * 16);
  for (let pixel = 0; pixel < 16; pixel++) {
    for (let channel = 0; channel < C; channel++) {
      const feature = channel * 16 + pixel;
      bias[feature] = shift[channel]!;
      for (let i = 0; i < latent; i++) {
        weights[i * C * 16 + feature] = filter[(pixel * C + channel) * latent + i]! * scale[channel]!;
      }
    }
  }
  return { weights, bias };
}

function foldDoubling(config: NetworkConfig, tensors: Readonly<Record<string, Tensor>>, level: number): FoldedLayer {
  const isLast = level === doublings(config);
  const input = channelsAt(config, level - 1);
  const output = isLast ? 3 : channelsAt(config, level);
  const transposed = config.upsample === 'transposed';
  const shape = transposed ? ([4, 4, output, input] as const) : ([3, 3, input, output] as const);
  const filter = tensorValues(tensors, `g/${level}/filter`, shape);
  if (isLast) return { shape, filter: filter.slice(), bias: tensorValues(tensors, `g/${level}/bias`, [3]).slice() };
  const { scale, shift } = batchNorm(tensors, `g/${level}`, output);
  const channelOf = transposed ? (i: number) => Math.floor(i / input) % output : (i: number) => i % output;
  return { shape, filter: filter.map((value, i) => value * scale[channelOf(i)]!), bias: Float32Array.from(shift) };
}

/** A batch norm with fixed statistics is x·scale + shift. */
function batchNorm(tensors: Readonly<Record<string, Tensor>>, name: string, channels: number) {
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map((part) =>
    tensorValues(tensors, `${name}/${part}`, [channels]),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const scale = Float64Array.from(gamma, (value, i) => value / Math.sqrt(variance[i]! + BATCH_NORM_EPSILON));
  return { scale, shift: scale.map((value, i) => beta[i]! - mean[i]! * value) };
}
