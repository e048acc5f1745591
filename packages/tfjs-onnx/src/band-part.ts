/** @module Import for its effect: tf.linalg.bandPart of all matrices of a batch at once. */
import * as tf from '@tensorflow/tfjs-core';
import { TRACING_BACKEND } from './constant-folding.ts';

const { bandPart } = tf.linalg;

/** TF.js takes the matrices of a batch one by one. In a graph the number of operators would follow the batch, which must not be free then. */
tf.linalg.bandPart = <T extends tf.Tensor>(
  matrices: T | tf.TensorLike,
  numLower: number | tf.Scalar,
  numUpper: number | tf.Scalar,
): T => {
  if (tf.getBackend() !== TRACING_BACKEND) return bandPart<T>(matrices, numLower, numUpper);
  const x = matrices instanceof tf.Tensor ? matrices : tf.tensor(matrices as tf.TensorLike);
  const band = tf.cast(bandPart(tf.ones(x.shape.slice(-2)), numLower, numUpper), 'bool');
  return tf.where(band, x, tf.zerosLike(x)) as T;
};
