import * as tf from '@tensorflow/tfjs-core';

export type LossName = 'non-saturating' | 'bce-clamped' | 'hinge' | 'relativistic';

/** The losses of D and G, of logits [N] for N photos and logits [N] for N fakes. Each is a mean over the batch. */
interface Losses {
  readonly discriminator: (real: tf.Tensor, fake: tf.Tensor) => tf.Scalar;
  /** `real` runs D on the photos; only losses that need their logits call it. */
  readonly generator: (real: () => tf.Tensor, fake: tf.Tensor) => tf.Scalar;
  /** Mean probabilities that D assigns to photos and to fakes of being real. */
  readonly confidence: (real: tf.Tensor, fake: tf.Tensor) => { real: tf.Scalar; fake: tf.Scalar };
  /** Mean sign of D's verdicts on photos: r_t of ADA (Karras et al. 2020, arXiv:2006.06676, equation 1). */
  readonly signReal: (real: tf.Tensor, fake: tf.Tensor) => tf.Scalar;
  /** False: gradient penalty on photos only (R1). True: on fakes too (R1 and R2). */
  readonly penalisesFakes: boolean;
}

/** A loss that treats each picture independently. */
interface Pointwise {
  readonly real: (logits: tf.Tensor) => tf.Scalar;
  readonly fake: (logits: tf.Tensor) => tf.Scalar;
  readonly generator: (fake: tf.Tensor) => tf.Scalar;
}

const meanSigmoid = (logits: tf.Tensor) => tf.mean(tf.sigmoid(logits)) as tf.Scalar;
/** Not by tf.sign: ONNX Runtime's WebGPU provider has no Sign, and leaves it to the CPU, for which the card has to wait. */
const meanSign = (logits: tf.Tensor) => {
  const is = (truth: tf.Tensor) => tf.cast(truth, 'float32');
  return tf.mean(tf.sub(is(tf.greater(logits, 0)), is(tf.less(logits, 0)))) as tf.Scalar;
};

const each = ({ real, fake, generator }: Pointwise): Losses => ({
  discriminator: (realLogits, fakeLogits) => tf.add(real(realLogits), fake(fakeLogits)),
  generator: (_, fakeLogits) => generator(fakeLogits),
  confidence: (realLogits, fakeLogits) => ({ real: meanSigmoid(realLogits), fake: meanSigmoid(fakeLogits) }),
  signReal: (realLogits) => meanSign(realLogits),
  penalisesFakes: false,
});

const meanSoftplus = (x: tf.Tensor) => tf.mean(tf.softplus(x)) as tf.Scalar;

/**
 * Binary cross-entropy on logits: -log sigmoid(r) = softplus(-r), -log(1 - sigmoid(f)) = softplus(f). G maximises
 * log D(G(z)), the non-saturating form of Goodfellow et al. 2014, as DCGAN does.
 */
const logistic = each({
  real: (logits) => meanSoftplus(tf.neg(logits)),
  fake: (logits) => meanSoftplus(logits),
  generator: (logits) => meanSoftplus(tf.neg(logits)),
});

/** Lower bounds in PyTorch's BCELoss: of the logarithm, and of the divisor p(1 - p) in its gradient. */
const LEAST_LOG = -100;
const LEAST_VARIANCE = 1e-12;

/** -log p or -log(1 - p) of p = sigmoid(logits), for the target `wanted` 1 or 0; clamped, mean over the batch. */
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
 * is often written. Where the sigmoid rounds to 1 its gradient is 0: a D that calls everything real (D_loss 100,
 * G_loss 0) never recovers.
 */
const clampedLogistic = each({
  real: clampedCrossEntropy(1),
  fake: clampedCrossEntropy(0),
  generator: clampedCrossEntropy(1),
});

/** Hinge loss (Lim & Ye 2017, Miyato et al. 2018). */
const hinge = each({
  real: (logits) => tf.mean(tf.relu(tf.sub(1, logits))) as tf.Scalar,
  fake: (logits) => tf.mean(tf.relu(tf.add(logits, 1))) as tf.Scalar,
  generator: (logits) => tf.neg(tf.mean(logits)) as tf.Scalar,
});

/**
 * Relativistic pairing (Jolicoeur-Martineau 2019; Huang et al. 2024, arXiv:2501.05441): D estimates how much more real a
 * photo looks than the fake paired with it; G maximises the reverse. Meant for a D without normalisation, with R1 and R2.
 */
const relativistic: Losses = {
  discriminator: (real, fake) => meanSoftplus(tf.sub(fake, real)),
  generator: (real, fake) => meanSoftplus(tf.sub(real(), fake)),
  confidence: (real, fake) => ({ real: meanSigmoid(tf.sub(real, fake)), fake: meanSigmoid(tf.sub(fake, real)) }),
  // A constant added to all logits does not change this loss, so a logit alone has no sign. The difference has: it is the logit
  // of "the photo is the real one of the pair".
  signReal: (real, fake) => meanSign(tf.sub(real, fake)),
  penalisesFakes: true,
};

/** The losses by their names in the settings. */
export const losses: Readonly<Record<LossName, Losses>> = {
  'non-saturating': logistic,
  'bce-clamped': clampedLogistic,
  hinge,
  relativistic,
};

/**
 * R1 (Mescheder et al. 2018, arXiv:1801.04406): gamma/2 · E[|∇D(x)|²] for photos x; for fakes it is R2.
 *
 * @param D maps pictures [N, H, W, 3] to logits [N].
 * @param x pictures [N, H, W, 3].
 * @returns a scalar.
 */
export function gradientPenalty(D: (x: tf.Tensor4D) => tf.Tensor, x: tf.Tensor4D, gamma: number): tf.Scalar {
  const gradient = tf.grad((pictures: tf.Tensor) => tf.sum(D(pictures as tf.Tensor4D)))(x);
  return tf.mul(tf.sum(tf.mul(gradient, gradient)), gamma / 2 / x.shape[0]) as tf.Scalar;
}
