import * as tf from '@tensorflow/tfjs-core';
import { constant, normal, type TensorDefinitions, type Tensors } from './network.ts';

/** The block's 1x1 convolutions: [input, output] channels, for a feature map of C channels. */
const projections = (C: number): Record<string, [number, number]> => ({
  query: [C, Math.max(1, C >> 3)],
  key: [C, Math.max(1, C >> 3)],
  value: [C, Math.max(1, C >> 1)],
  output: [Math.max(1, C >> 1), C],
});

/** Names of the block's layers with a filter, for spectral normalisation. */
export const attentionLayers = (prefix: string): string[] =>
  Object.keys(projections(1)).map((part) => `${prefix}/${part}`);

/** Parameters of a block on C channels. Its gain starts at 0, so the block starts as the identity. */
export function attentionParameters(prefix: string, C: number): TensorDefinitions {
  const filters = Object.entries(projections(C)).map(([part, [input, output]]) => [
    `${prefix}/${part}/filter`,
    // Glorot initialisation: with DCGAN's 0.02 all keys would be nearly equal, and attention uniform.
    normal(Math.sqrt(2 / (input + output)), 1, 1, input, output),
  ]);
  return { ...Object.fromEntries(filters), [`${prefix}/gain`]: constant(1, 0) };
}

/**
 * Self-attention between the positions of a feature map (SAGAN: Zhang et al. 2019, arXiv:1805.08318, section 3; keys and
 * values are max-pooled 2x2 as in the authors' code).
 *
 * y = x + gain · output(softmax(query(x) · pool(key(x))ᵀ) · pool(value(x)))
 *
 * @param x [N, H, W, C], H and W even.
 * @returns [N, H, W, C].
 */
export function selfAttention(tensors: Tensors, prefix: string, x: tf.Tensor4D): tf.Tensor4D {
  const [N, H, W] = x.shape;
  const project = (from: tf.Tensor4D, part: string) =>
    tf.conv2d(from, tensors[`${prefix}/${part}/filter`] as tf.Tensor4D, 1, 'same');
  const positions = (picture: tf.Tensor) => tf.reshape(picture, [N, -1, picture.shape.at(-1)!]) as tf.Tensor3D;
  const query = positions(project(x, 'query'));
  const key = positions(maxPooled(project(x, 'key')));
  const value = positions(maxPooled(project(x, 'value')));
  const attended = tf.matMul(tf.softmax(tf.matMul(query, key, false, true)), value);
  const picture = tf.reshape(attended, [N, H, W, value.shape[2]]) as tf.Tensor4D;
  return tf.add(x, tf.mul(project(picture, 'output'), tensors[`${prefix}/gain`]!));
}

/** [N, H, W, C] to [N, H/2, W/2, C]. Not tf.maxPool: R1 needs a second derivative, and tf.maxPool's gradient has none. */
function maxPooled(x: tf.Tensor4D): tf.Tensor4D {
  const [N, H, W, C] = x.shape;
  return tf.max(tf.reshape(x, [N, H / 2, 2, W / 2, 2, C]), [2, 4]) as tf.Tensor4D;
}
