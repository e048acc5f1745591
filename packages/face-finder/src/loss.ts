import * as tf from '@tensorflow/tfjs-core';

/** The parts of the loss: scalars, means over the faces of the batch. */
export interface FaceLosses {
  readonly heat: tf.Scalar;
  readonly place: tf.Scalar;
  readonly side: tf.Scalar;
}

/**
 * The loss of CenterNet (Zhou et al. 2019, arXiv:1904.07850, equations 1 to 3) with two changes: place and side are learnt in
 * all cells that have heat, weighted by it, so that the cells around the best one agree with it; and the size is the log of one
 * side, so that an error counts as a share of the face.
 *
 * @param cells the network's output, [N, 8, 8, 4].
 * @param targets from `faceTargets`, [N, 8, 8, 4].
 */
export function faceLosses(cells: tf.Tensor4D, targets: tf.Tensor4D): FaceLosses {
  const channel = (x: tf.Tensor4D, first: number, count = 1) =>
    tf.slice(x, [0, 0, 0, first], [x.shape[0], x.shape[1], x.shape[2], count]);
  const [logits, heat] = [channel(cells, 0), channel(targets, 0)];
  // 1 in the cells of centres, 0 elsewhere: outside these the heat is at most exp(-1 / (2 · 1.4²)), below 0.8.
  const centres = tf.cast(tf.greater(heat, 0.9999), 'float32');
  const faces = tf.maximum(tf.sum(centres), 1);
  const probability = tf.sigmoid(logits);
  const missed = tf.mul(tf.square(tf.sub(1, probability)), tf.softplus(tf.neg(logits)));
  const invented = tf.mul(tf.mul(tf.square(tf.square(tf.sub(1, heat))), tf.square(probability)), tf.softplus(logits));
  const focal = tf.add(tf.mul(centres, missed), tf.mul(tf.sub(1, centres), invented));
  const weight = tf.maximum(tf.sum(heat), 1);
  const difference = (first: number, count: number) =>
    tf.sum(tf.mul(heat, tf.abs(tf.sub(channel(cells, first, count), channel(targets, first, count)))));
  return {
    heat: tf.div(tf.sum(focal), faces) as tf.Scalar,
    place: tf.div(difference(1, 2), weight) as tf.Scalar,
    side: tf.div(difference(3, 1), weight) as tf.Scalar,
  };
}
