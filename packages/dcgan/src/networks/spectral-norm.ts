/** @module Spectral normalisation of D's filters (Miyato et al. 2018, arXiv:1802.05957). */
import * as tf from '@tensorflow/tfjs-core';
import { doublings, type NetworkConfig, type TensorDefinitions, type Tensors } from './network.ts';
import { attentionLayers } from './self-attention.ts';

const EPSILON = 1e-12;

const layersOf = (config: NetworkConfig) => [
  ...Array.from({ length: doublings(config) + 1 }, (_, layer) => `d/${layer}`),
  ...(config.attention > 0 ? attentionLayers('d/attention') : []),
];

/** Estimates u [O] of the singular vectors, one per filter of D, initialised at random. */
export function spectralStatistics(config: NetworkConfig, parameters: TensorDefinitions): TensorDefinitions {
  if (!config.spectral) return {};
  return Object.fromEntries(
    layersOf(config).map((layer) => [
      `${layer}/u`,
      { shape: [parameters[`${layer}/filter`]!.shape[3]!], initial: { mean: 0, deviation: 1 } },
    ]),
  );
}

/** Filter [kh, kw, I, O] as the matrix W [kh·kw·I, O] whose largest singular value is normalised to 1. */
const matrixOf = (weights: tf.Tensor): tf.Tensor2D => tf.reshape(weights, [-1, weights.shape[3]!]);

const unit = (vector: tf.Tensor): tf.Tensor2D =>
  tf.div(vector, tf.add(tf.sqrt(tf.sum(tf.mul(vector, vector))), EPSILON)) as tf.Tensor2D;

/** One step of power iteration for each layer: the new u [O], and v [kh·kw·I] (arXiv:1802.05957, algorithm 1). */
export function powerIteration(config: NetworkConfig, tensors: Tensors): { u: Tensors; v: Tensors } {
  const u: Tensors = {};
  const v: Tensors = {};
  if (!config.spectral) return { u, v };
  for (const layer of layersOf(config)) {
    const matrix = matrixOf(tensors[`${layer}/filter`]!);
    const previous = tf.reshape(tensors[`${layer}/u`]!, [-1, 1]) as tf.Tensor2D;
    const other = unit(tf.matMul(matrix, previous));
    v[layer] = other;
    u[`${layer}/u`] = tf.reshape(unit(tf.matMul(matrix, other, true)), [-1]);
  }
  return { u, v };
}

/** Parameters with every filter divided by its spectral norm v^T W u. u and v are constants; the gradient flows through W. */
export function spectrallyNormalised(
  config: NetworkConfig,
  parameters: Tensors,
  { u, v }: { u: Tensors; v: Tensors },
): Tensors {
  if (!config.spectral) return parameters;
  const normalised = { ...parameters };
  for (const layer of layersOf(config)) {
    const weights = parameters[`${layer}/filter`]!;
    const right = tf.reshape(u[`${layer}/u`]!, [-1, 1]) as tf.Tensor2D;
    const norm = tf.matMul(v[layer] as tf.Tensor2D, tf.matMul(matrixOf(weights), right), true);
    normalised[`${layer}/filter`] = tf.div(weights, tf.reshape(norm, []));
  }
  return normalised;
}
