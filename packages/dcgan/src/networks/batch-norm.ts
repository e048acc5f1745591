/** @module Batch normalisation (Ioffe & Szegedy 2015, arXiv:1502.03167). */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from './network.ts';

/** Added to a variance before the square root, as in PyTorch. */
export const BATCH_NORM_EPSILON = 1e-5;
/** Weight of the newest batch in the running statistics: PyTorch's `momentum`. */
const MOMENTUM = 0.1;
const OVER_PIXELS = [0, 1, 2];

/** Normalises a layer's activations [N, H, W, C]; `name` is the prefix of its `gamma`, `beta`, `mean` and `variance`, each [C]. */
export type Normalise = (name: string, x: tf.Tensor4D) => tf.Tensor4D;

/** Batch normalisation with running statistics, for sampling: a picture does not depend on its batch. */
export const normaliseByStatistics =
  (tensors: Tensors): Normalise =>
  (name, x) => {
    const scale = tf.div(tensors[`${name}/gamma`]!, tf.sqrt(tf.add(tensors[`${name}/variance`]!, BATCH_NORM_EPSILON)));
    const shift = tf.sub(tensors[`${name}/beta`]!, tf.mul(tensors[`${name}/mean`]!, scale));
    return tf.add(tf.mul(x, scale), shift);
  };

/**
 * Batch normalisation with the batch's own statistics, for training.
 *
 * @param updates receives the new running statistics by name, if given.
 */
export const normaliseByBatch =
  (tensors: Tensors, updates?: Tensors): Normalise =>
  (name, x) => {
    if (updates) {
      const { mean, variance } = estimates(x);
      updates[`${name}/mean`] = blend(tensors[`${name}/mean`]!, mean);
      updates[`${name}/variance`] = blend(tensors[`${name}/variance`]!, variance);
    }
    return batchNorm(x, tensors[`${name}/gamma`] as tf.Tensor1D, tensors[`${name}/beta`] as tf.Tensor1D);
  };

/** Batch normalisation as in training. @param measured receives the batch's statistics by name. */
export const normaliseAndMeasure =
  (tensors: Tensors, measured: Tensors): Normalise =>
  (name, x) => {
    const { mean, variance } = estimates(x);
    measured[`${name}/mean`] = mean;
    measured[`${name}/variance`] = variance;
    return batchNorm(x, tensors[`${name}/gamma`] as tf.Tensor1D, tensors[`${name}/beta`] as tf.Tensor1D);
  };

/** Mean and variance [C] of all pictures, estimated from x: the variance is unbiased, as in PyTorch. */
function estimates(x: tf.Tensor4D) {
  const { mean, variance } = statistics(x);
  const samples = x.size / x.shape[3];
  return { mean, variance: tf.mul(variance, samples / (samples - 1)) };
}

const blend = (running: tf.Tensor, batch: tf.Tensor) => tf.add(tf.mul(running, 1 - MOMENTUM), tf.mul(batch, MOMENTUM));

function statistics(x: tf.Tensor4D) {
  const mean = tf.mean(x, OVER_PIXELS);
  const centred = tf.sub(x, mean);
  return { mean, centred, variance: tf.mean(tf.mul(centred, centred), OVER_PIXELS) };
}

/**
 * Batch norm with an explicit gradient (equations of section 3 of the paper, with the sums over the batch collected). Automatic
 * differentiation would pass over the activations three times as often.
 */
const batchNorm = tf.customGrad((x, gamma, beta, save) => {
  const input = x as tf.Tensor4D;
  const { centred, variance } = statistics(input);
  const inverse = tf.rsqrt(tf.add(variance, BATCH_NORM_EPSILON));
  const value = tf.add(tf.mul(centred, tf.mul(inverse, gamma as tf.Tensor)), beta as tf.Tensor);
  (save as tf.GradSaveFunc)([input, gamma as tf.Tensor]);
  return {
    value,
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [x0, gamma0] = saved as [tf.Tensor4D, tf.Tensor];
      const again = statistics(x0);
      const inverse0 = tf.rsqrt(tf.add(again.variance, BATCH_NORM_EPSILON));
      const samples = x0.size / x0.shape[3];
      const sumDy = tf.sum(dy, OVER_PIXELS);
      const sumDyX = tf.mul(tf.sum(tf.mul(dy, again.centred), OVER_PIXELS), inverse0);
      // dx = gamma/sigma * (dy - mean(dy) - xhat * mean(dy * xhat)), as one factor per channel for dy, x - mean and 1.
      const factor = tf.mul(gamma0, inverse0);
      const slope = tf.neg(tf.mul(tf.mul(factor, inverse0), tf.div(sumDyX, samples)));
      const offset = tf.neg(tf.mul(factor, tf.div(sumDy, samples)));
      const dx = tf.add(tf.mul(dy, factor), tf.add(tf.mul(again.centred, slope), offset));
      return [dx, sumDyX, sumDy];
    },
  };
}) as (x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D) => tf.Tensor4D;
