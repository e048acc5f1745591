import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../networks/network.ts';

const EPSILON = 1e-8;

/** Adam's factors of one step, made of the learning rate and the step number t = 1, 2, …; computed in float64. */
export interface AdamStep {
  /** lr / (1 - beta1^t) */
  readonly rate: number;
  /** 1 / sqrt(1 - beta2^t) */
  readonly correction: number;
}

export const adamStep = (lr: number, beta1: number, beta2: number, t: number): AdamStep => ({
  rate: lr / (1 - beta1 ** t),
  correction: 1 / Math.sqrt(1 - beta2 ** t),
});

/**
 * One step of Adam (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1) for every parameter of `gradients`.
 * @param tensors parameters, and their moments under `adam/m/…` and `adam/v/…`.
 * @param rate scalar tensor, `correction` scalar tensor: see AdamStep.
 * @returns new parameters and moments by the same names.
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
