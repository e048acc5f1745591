/** @module The folded generator as a TF.js function. */

import * as tf from '@tensorflow/tfjs-core';
import { SPREADING } from '../networks/generator.ts';
import { attentionLevel, channelsAt } from '../networks/network.ts';
import { selfAttention } from '../networks/self-attention.ts';
import type { FoldedGenerator, FoldedLayer } from './fold-generator.ts';

/**
 * G(z) = tanh(up(... relu(up(relu(z·W + b))))), each `up` a convolution with its bias; self-attention if the network has it.
 *
 * @param z [N, latent], standard normal.
 * @returns pictures [N, size, size, 3] in [-1, 1].
 */
export function foldedNetwork({ config, projection, layers, attention }: FoldedGenerator, z: tf.Tensor2D): tf.Tensor4D {
  const N = z.shape[0];
  const C = channelsAt(config, 0);
  const weights = tf.tensor2d(projection.weights, [config.latent, C * 16]);
  const features = tf.relu(tf.add(tf.matMul(z, weights), tf.tensor1d(projection.bias)));
  // The features are ordered [C, 4, 4], as ONNX convolutions read them: this changes only TF.js's view of the axes.
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
  const given = tf.tensor4d(filter, [...shape]);
  const weights = upsample === 'transposed' ? given : spread(given);
  return tf.add(tf.conv2dTranspose(x, weights, [N, H * 2, W * 2, weights.shape[2]], 2, 'same'), tf.tensor1d(bias));
}

/**
 * Nearest pixels twice as large, then a 3x3 convolution, as one 4x4 transposed convolution with stride 2: the same sums
 * with 16 products instead of 36. The file holds the nine taps, and ONNX Runtime spreads them when it loads the model.
 *
 * @param filter [3, 3, in, out]
 * @returns [4, 4, out, in]
 */
function spread(filter: tf.Tensor4D): tf.Tensor4D {
  const [, , I, O] = filter.shape;
  const taps = tf.reshape(tf.transpose(filter, [2, 3, 0, 1]), [I, O, 9]);
  const weights = tf.reshape(tf.matMul(taps, tf.tensor2d(SPREADING_TRANSPOSED, [9, 16])), [I, O, 4, 4]);
  return tf.transpose(weights, [2, 3, 1, 0]) as tf.Tensor4D;
}

/** [9, 16], the transpose of SPREADING. */
const SPREADING_TRANSPOSED = SPREADING.map((_, i) => SPREADING[(i % 16) * 9 + Math.floor(i / 16)]!);
