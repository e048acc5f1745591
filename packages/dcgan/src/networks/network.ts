import type * as tf from '@tensorflow/tfjs-core';

/** What shapes both networks. The field names are those of the training config. */
export interface NetworkConfig {
  /** Height and width of the pictures, 64 or 128. */
  readonly size: number;
  /** Base channels: the widest picture-sized layer has this many, each halving of the picture doubles them. */
  readonly channels: number;
  /** Most channels of any layer; 0: no limit. */
  readonly maxChannels: number;
  /** Length of z. */
  readonly latent: number;
  /** How the generator doubles the picture: 4x4 stride-2 transposed convolution, or nearest pixels then a 3x3 convolution. */
  readonly upsample: 'transposed' | 'nearest';
  /** Height of the layer after which both networks attend to the whole of it, 8 to size / 2; 0: none. */
  readonly attention: number;
  readonly normD: 'batch' | 'none';
  /** Spectral normalisation of D's filters (Miyato et al. 2018, arXiv:1802.05957). */
  readonly spectral: boolean;
}

/** Tensors by name: parameters, running statistics, optimiser state. */
export type Tensors = Record<string, tf.Tensor>;

/** Where a tensor starts: normal around `mean`, or one constant. */
export type Initial = { readonly mean: number; readonly deviation: number } | { readonly constant: number };

export interface TensorDefinition {
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

/** Level of the picture that G and D attend to, or null. */
export const attentionLevel = ({ attention }: NetworkConfig): number | null =>
  attention === 0 ? null : Math.log2(attention / 4);

/** Doublings between the 4x4 picture where both networks meet the latent and the full one. */
export const doublings = ({ size }: NetworkConfig): number => Math.log2(size / 4);

/**
 * Feature channels of a picture `4 * 2^level` wide: `channels` one level below the full size, twice as many at each halving,
 * and never more than `maxChannels`.
 */
export function channelsAt(config: NetworkConfig, level: number): number {
  const doubled = config.channels * 2 ** (doublings(config) - 1 - level);
  return config.maxChannels === 0 ? doubled : Math.min(doubled, config.maxChannels);
}
