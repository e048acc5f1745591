import * as tf from '@tensorflow/tfjs-core';

export type LossName = 'bce' | 'bce-clamped' | 'non-saturating' | 'hinge';

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

/** What PyTorch's BCELoss keeps logarithms from falling below, and the divisor of its gradient. */
const LEAST_LOG = -100;
const LEAST_VARIANCE = 1e-12;

/** -log of the probability p = sigmoid(logits) that is `wanted` to be 1 or 0, clamped; mean over the batch. */
const clampedCrossEntropy = (wanted: 0 | 1) =>
  tf.customGrad((logits, save) => {
    const p = tf.sigmoid(logits as tf.Tensor);
    (save as tf.GradSaveFunc)([p]);
    const log = tf.log(wanted === 1 ? p : tf.sub(1, p));
    return {
      value: tf.neg(tf.mean(tf.maximum(log, LEAST_LOG))),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => {
        const q = saved!;
        const variance = tf.mul(q, tf.sub(1, q));
        const slope = tf.mul(tf.sub(q, wanted), tf.minimum(tf.div(variance, LEAST_VARIANCE), 1));
        return tf.mul(tf.div(dy, q.size), slope);
      },
    };
  }) as (logits: tf.Tensor) => tf.Scalar;

/**
 * Binary cross-entropy on probabilities, with the logarithm clamped at -100: PyTorch's BCELoss behind a Sigmoid, as DCGAN
 * is often written. Where the sigmoid has rounded to 1 its gradient is 0: a D that calls everything real (D_loss 100,
 * G_loss 0) stays so for ever.
 */
const clampedLogistic: Losses = {
  real: clampedCrossEntropy(1),
  fake: clampedCrossEntropy(0),
  generator: clampedCrossEntropy(1),
};

/** Hinge loss (Lim & Ye 2017, Miyato et al. 2018). */
const hinge: Losses = {
  real: (logits) => tf.mean(tf.relu(tf.sub(1, logits))) as tf.Scalar,
  fake: (logits) => tf.mean(tf.relu(tf.add(logits, 1))) as tf.Scalar,
  generator: (logits) => tf.neg(tf.mean(logits)) as tf.Scalar,
};

/** `bce` and `non-saturating` name the same function: the first is DCGAN's word for it, the second StyleGAN's. */
export const losses: Readonly<Record<LossName, Losses>> = {
  bce: logistic,
  'bce-clamped': clampedLogistic,
  'non-saturating': logistic,
  hinge,
};

/**
 * R1 (Mescheder et al. 2018, arXiv:1801.04406): gamma/2 · E[|∇D(x)|²] on real pictures.
 * @param D logits [N] of pictures [N,H,W,3].
 */
export function gradientPenalty(D: (x: tf.Tensor4D) => tf.Tensor, x: tf.Tensor4D, gamma: number): tf.Scalar {
  const gradient = tf.grad((pictures: tf.Tensor) => tf.sum(D(pictures as tf.Tensor4D)))(x);
  return tf.mul(tf.sum(tf.mul(gradient, gradient)), gamma / 2 / x.shape[0]) as tf.Scalar;
}
