import * as tf from '@tensorflow/tfjs-core';
import type { Normalise } from './batch-norm.ts';
import {
  attentionLevel,
  channelsAt,
  constant,
  doublings,
  filter,
  type NetworkConfig,
  scale,
  type TensorDefinitions,
  type Tensors,
} from './network.ts';
import { attentionParameters, selfAttention } from './self-attention.ts';

/**
 * Parameters of DCGAN's generator (Radford et al. 2015, arXiv:1511.06434): z is projected to 4x4 with many channels, which is
 * doubled to full size; batch norm and ReLU after each level, tanh at the end.
 *
 * G(z) = tanh(up(... relu(bn(up(relu(bn(project(z)))))))), with optional self-attention after one level.
 */
export function generatorParameters(config: NetworkConfig): TensorDefinitions {
  const last = doublings(config);
  const top = channelsAt(config, 0);
  const parameters: Record<string, TensorDefinitions[string]> = {
    // A transposed convolution's filter is [kh, kw, out, in]; on a 1x1 input it is a projection to 4x4.
    'g/0/filter': filter(4, 4, top, config.latent),
    'g/0/gamma': scale(top),
    'g/0/beta': constant(top, 0),
  };
  for (let level = 1; level <= last; level++) {
    const input = channelsAt(config, level - 1);
    const output = level === last ? 3 : channelsAt(config, level);
    parameters[`g/${level}/filter`] =
      config.upsample === 'transposed' ? filter(4, 4, output, input) : filter(3, 3, input, output);
    if (level < last) {
      parameters[`g/${level}/gamma`] = scale(output);
      parameters[`g/${level}/beta`] = constant(output, 0);
    } else {
      parameters[`g/${level}/bias`] = constant(3, 0);
    }
  }
  const attended = attentionLevel(config);
  if (attended !== null) Object.assign(parameters, attentionParameters('g/attention', channelsAt(config, attended)));
  return parameters;
}

/** Running statistics of G's batch norms. */
export function generatorStatistics(config: NetworkConfig): TensorDefinitions {
  const levels = Array.from({ length: doublings(config) }, (_, level) => level);
  return Object.fromEntries(
    levels.flatMap((level) => [
      [`g/${level}/mean`, constant(channelsAt(config, level), 0)],
      [`g/${level}/variance`, constant(channelsAt(config, level), 1)],
    ]),
  );
}

/**
 * Evaluates G.
 *
 * @param z [N, latent], standard normal.
 * @param normalise by batch statistics in training, by running statistics for sampling.
 * @returns pictures [N, size, size, 3] in [-1, 1].
 */
export function generator(config: NetworkConfig, tensors: Tensors, z: tf.Tensor, normalise: Normalise): tf.Tensor4D {
  const N = z.shape[0]!;
  const last = doublings(config);
  const seed = tf.reshape(z, [N, 1, 1, config.latent]) as tf.Tensor4D;
  let x = tf.conv2dTranspose(seed, tensors['g/0/filter'] as tf.Tensor4D, [N, 4, 4, channelsAt(config, 0)], 1, 'valid');
  x = tf.relu(normalise('g/0', x));
  for (let level = 1; level <= last; level++) {
    x = double(config, x, tensors[`g/${level}/filter`] as tf.Tensor4D);
    if (level < last) x = tf.relu(normalise(`g/${level}`, x));
    if (level === attentionLevel(config)) x = selfAttention(tensors, 'g/attention', x);
  }
  return tf.tanh(tf.add(x, tensors[`g/${last}/bias`]!)) as tf.Tensor4D;
}

function double({ upsample }: NetworkConfig, x: tf.Tensor4D, weights: tf.Tensor4D): tf.Tensor4D {
  return upsample === 'transposed' ? doubleTransposed(x, weights) : doubleNearest(x, weights);
}

function doubleTransposed(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  const [N, H, W] = x.shape;
  return tf.conv2dTranspose(x, filter, [N, H * 2, W * 2, filter.shape[2]], 2, 'same');
}

/**
 * Nearest-neighbour doubling followed by a 3x3 convolution, computed as the equivalent 4x4 transposed convolution: the same
 * sums with 16 products per pixel of x instead of 36, on a quarter of the pixels.
 *
 * @param x [N, H, W, in]. @param filter [3, 3, in, out].
 * @returns [N, 2H, 2W, out].
 */
export function doubleNearest(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  const [input, output] = [filter.shape[2], filter.shape[3]];
  const spread = tf.matMul(tf.tensor2d(SPREADING, [16, 9]), tf.reshape(filter, [9, input * output]));
  return doubleTransposed(x, tf.transpose(tf.reshape(spread, [4, 4, input, output]), [0, 1, 3, 2]) as tf.Tensor4D);
}

/** [16, 9]: tap (ky, kx) of the 4x4 filter is the sum of the 3x3 filter's taps that read the same input pixel. */
export const SPREADING = Float32Array.from({ length: 16 * 9 }, (_, i) => {
  const [ky, kx, y, x] = [Math.floor(i / 36), Math.floor(i / 9) % 4, Math.floor((i % 9) / 3), i % 3];
  const meet = (k: number, tap: number) => k + tap === 2 || k + tap === 3;
  return meet(ky, y) && meet(kx, x) ? 1 : 0;
});
