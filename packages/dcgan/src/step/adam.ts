import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../networks/network.ts';

const EPSILON = 1e-8;

/**
 * Bias corrections of both moments at step t = 1, 2, …, in float64: 1 - beta1^t and 1 - beta2^t (Kingma & Ba 2015,
 * arXiv:1412.6980, algorithm 1). A moment divided by its correction is an unbiased mean.
 */
export const adamCorrections = (beta1: number, beta2: number, t: number): { first: number; second: number } => ({
  first: 1 - beta1 ** t,
  second: 1 - beta2 ** t,
});

/**
 * One step of Adam (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1) for every parameter of `gradients`.
 * @param tensors parameters, and their moments under `adam/m/…` and `adam/v/…`, of the same shapes.
 * @param gradients by the names of the parameters.
 * @param rate scalar tensor, lr / (1 - beta1^t).
 * @param correction scalar tensor, 1 / sqrt(1 - beta2^t).
 * @returns new parameters and moments under the same names.
 */
export function adam(
  tensors: Tensors,
  gradients: Tensors,
  rate: tf.Tensor,
  correction: tf.Tensor,
  beta1: number,
  beta2: number,
): Tensors {
  const next: Tensors = {};
  for (const [name, gradient] of Object.entries(gradients)) {
    const m = tf.add(tf.mul(tensors[`adam/m/${name}`]!, beta1), tf.mul(gradient, 1 - beta1));
    const v = tf.add(tf.mul(tensors[`adam/v/${name}`]!, beta2), tf.mul(tf.mul(gradient, gradient), 1 - beta2));
    next[`adam/m/${name}`] = m;
    next[`adam/v/${name}`] = v;
    const step = tf.div(tf.mul(m, rate), tf.add(tf.mul(tf.sqrt(v), correction), EPSILON));
    next[name] = tf.sub(tensors[name]!, step);
  }
  return next;
}
