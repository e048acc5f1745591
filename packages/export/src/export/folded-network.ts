/** @module The folded generator as a TF.js function. */

import { attentionLevel, channelsAt, selfAttention } from '@latent-dogs/dcgan';
import * as tf from '@tensorflow/tfjs-core';
import type { FoldedGenerator, FoldedLayer } from './fold-generator.ts';

/**
 * G(z) = tanh(up(... relu(up(relu(z·W + b))))), each `up` a convolution with its bias; self-attention where the network has it.
 *
 * @param z [N, latent], standard normal.
 * @returns pictures [N, size, size, 3] in [-1, 1].
 */
export function foldedNetwork({ config, projection, layers, attention }: FoldedGenerator, z: tf.Tensor2D): tf.Tensor4D {
  const N = z.shape[0];
  const C = channelsAt(config, 0);
  const weights = tf.tensor2d(projection.weights, [config.latent, C * 16]);
  const features = tf.relu(tf.add(tf.matMul(z, weights), tf.tensor1d(projection.bias)));
  // Features come as [C, 4, 4], the order that ONNX convolutions read; here only TF.js's view of the axes changes.
  let x = tf.transpose(tf.reshape(features, [N, C, 4, 4]), [0, 2, 3, 1]) as tf.Tensor4D;
  const attended = Object.fromEntries(
    Object.entries(attention).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  );
  for (const [i, layer] of layers.entries()) {
    x = double(config.upsample, x, layer);
    x = i === layers.length - 1 ? tf.tanh(x) : tf.relu(x);
    if (i + 1 === attentionLevel(config)) x = selfAttention(attended, 'g/attention', x);
  }
  return x;
}

function double(upsample: 'transposed' | 'nearest', x: tf.Tensor4D, { filter, shape, bias }: FoldedLayer): tf.Tensor4D {
  const [N, H, W] = x.shape;
  const weights = tf.tensor4d(filter, [...shape]);
  const doubled =
    upsample === 'transposed'
      ? tf.conv2dTranspose(x, weights, [N, H * 2, W * 2, shape[2]], 2, 'same')
      : tf.conv2d(tf.image.resizeNearestNeighbor(x, [H * 2, W * 2]), weights, 1, 'same');
  return tf.add(doubled, tf.tensor1d(bias));
}
