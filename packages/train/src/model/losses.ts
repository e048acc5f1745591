import * as tf from '@tensorflow/tfjs-core';

export type LossName = 'bce' | 'non-saturating' | 'hinge';

/** Loss of D on logits of real and of fake pictures, and of G on its fakes' logits. Each is a mean over the batch. */
export interface Losses {
  /** Split in two, so that each half can be computed where its logits are. */
  readonly real: (logits: tf.Tensor) => tf.Scalar;
  readonly fake: (logits: tf.Tensor) => tf.Scalar;
  readonly generator: (logits: tf.Tensor) => tf.Scalar;
}

const meanSoftplus = (x: tf.Tensor) => tf.mean(tf.softplus(x)) as tf.Scalar;

/**
 * Binary cross-entropy on logits: -log sigmoid(r) = softplus(-r), -log(1 - sigmoid(f)) = softplus(f). G maximises
 * log D(G(z)), the non-saturating form of Goodfellow et al. 2014, as DCGAN does.
 */
const logistic: Losses = {
  real: (logits) => meanSoftplus(tf.neg(logits)),
  fake: (logits) => meanSoftplus(logits),
  generator: (logits) => meanSoftplus(tf.neg(logits)),
};

/** Hinge loss (Lim & Ye 2017, Miyato et al. 2018). */
const hinge: Losses = {
  real: (logits) => tf.mean(tf.relu(tf.sub(1, logits))) as tf.Scalar,
  fake: (logits) => tf.mean(tf.relu(tf.add(logits, 1))) as tf.Scalar,
  generator: (logits) => tf.neg(tf.mean(logits)) as tf.Scalar,
};

/** `bce` and `non-saturating` name the same function: the first is DCGAN's word for it, the second StyleGAN's. */
export const losses: Readonly<Record<LossName, Losses>> = { bce: logistic, 'non-saturating': logistic, hinge };

/**
 * R1 (Mescheder et al. 2018, arXiv:1801.04406): gamma/2 · E[|∇D(x)|²] on real pictures.
 * @param D logits [N] of pictures [N,H,W,3].
 */
export function gradientPenalty(D: (x: tf.Tensor4D) => tf.Tensor, x: tf.Tensor4D, gamma: number): tf.Scalar {
  const gradient = tf.grad((pictures: tf.Tensor) => tf.sum(D(pictures as tf.Tensor4D)))(x);
  return tf.mul(tf.sum(tf.mul(gradient, gradient)), gamma / 2 / x.shape[0]) as tf.Scalar;
}
