/** @module Definitions shared by G and D: their config, tensors by name, initialisation, and channels per level. */
import type * as tf from '@tensorflow/tfjs-core';

/** The settings that determine both networks, under the names of the training config. */
export interface NetworkConfig {
  /** Height and width of the pictures, 64 or 128. */
  readonly size: number;
  /** Channels at half the full size; each further halving of the picture doubles them. */
  readonly channels: number;
  /** Maximum channels of any layer; 0: no limit. */
  readonly maxChannels: number;
  /** Length of z. */
  readonly latent: number;
  /** How G doubles the picture: 4x4 stride-2 transposed convolution, or nearest-neighbour doubling and a 3x3 convolution. */
  readonly upsample: 'transposed' | 'nearest';
  /** Height of the feature map that has self-attention in both networks, 8 to size / 2; 0: none. */
  readonly attention: number;
  readonly normD: 'batch' | 'none';
  /** Spectral normalisation of D's filters (Miyato et al. 2018, arXiv:1802.05957). */
  readonly spectral: boolean;
}

/** Tensors by name: parameters, running statistics, optimiser state. */
export type Tensors = Record<string, tf.Tensor>;

/** Initial values: normal with `mean` and standard `deviation`, or constant. */
type Initial = { readonly mean: number; readonly deviation: number } | { readonly constant: number };

interface TensorDefinition {
  readonly shape: readonly number[];
  readonly initial: Initial;
}

export type TensorDefinitions = Readonly<Record<string, TensorDefinition>>;

/** DCGAN's initialisation: filters from N(0, 0.02), scales of batch norm from N(1, 0.02), shifts 0 (arXiv:1511.06434). */
export const filter = (...shape: number[]): TensorDefinition => normal(0.02, ...shape);
export const normal = (deviation: number, ...shape: number[]): TensorDefinition => ({
  shape,
  initial: { mean: 0, deviation },
});
export const scale = (channels: number): TensorDefinition => ({
  shape: [channels],
  initial: { mean: 1, deviation: 0.02 },
});
export const constant = (channels: number, value: number): TensorDefinition => ({
  shape: [channels],
  initial: { constant: value },
});

/** Level with self-attention in G and D; null: none. */
export const attentionLevel = ({ attention }: NetworkConfig): number | null =>
  attention === 0 ? null : Math.log2(attention / 4);

/** Number of doublings from 4x4 to full size. */
export const doublings = ({ size }: Pick<NetworkConfig, 'size'>): number => Math.log2(size / 4);

/** Number of D's convolutions: one for each halving, and the one that gives the logit. */
export const discriminatorLayers = (config: Pick<NetworkConfig, 'size'>): number => doublings(config) + 1;

/**
 * Channels of the feature map `4 * 2^level` wide: `channels` one level below full size, doubled at each halving, at most
 * `maxChannels`.
 */
export function channelsAt(config: NetworkConfig, level: number): number {
  const doubled = config.channels * 2 ** (doublings(config) - 1 - level);
  return config.maxChannels === 0 ? doubled : Math.min(doubled, config.maxChannels);
}
