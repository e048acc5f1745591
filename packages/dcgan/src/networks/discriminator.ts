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

/** Slope of LeakyReLU for negative values, as in DCGAN. */
export const SLOPE = 0.2;

/**
 * Parameters of DCGAN's discriminator (Radford et al. 2015, arXiv:1511.06434): 4x4 stride-2 convolutions halve the picture down
 * to 4x4; a last 4x4 convolution gives the logit. LeakyReLU after every layer but the last; batch norm on all but the first
 * and last, or none; optional self-attention after one layer.
 */
export function discriminatorParameters(config: NetworkConfig): TensorDefinitions {
  const layers = doublings(config);
  const parameters: Record<string, TensorDefinitions[string]> = {};
  for (let layer = 0; layer < layers; layer++) {
    const input = layer === 0 ? 3 : channelsAt(config, layers - layer);
    const output = channelsAt(config, layers - 1 - layer);
    parameters[`d/${layer}/filter`] = filter(4, 4, input, output);
    if (hasBatchNorm(config, layer)) {
      parameters[`d/${layer}/gamma`] = scale(output);
      parameters[`d/${layer}/beta`] = constant(output, 0);
    } else {
      parameters[`d/${layer}/bias`] = constant(output, 0);
    }
  }
  parameters[`d/${layers}/filter`] = filter(4, 4, channelsAt(config, 0), 1);
  parameters[`d/${layers}/bias`] = constant(1, 0);
  const attended = attentionLevel(config);
  if (attended !== null) Object.assign(parameters, attentionParameters('d/attention', channelsAt(config, attended)));
  return parameters;
}

/**
 * Names of the parameters that are trained when the first `frozen` layers, those nearest the picture, are not (FreezeD: Mo, Cho &
 * Shin 2020, arXiv:2002.10964). Self-attention belongs to the layer before it.
 */
export function trainedParameters(config: NetworkConfig, frozen: number): string[] {
  const attended = attentionLevel(config);
  const layerOf = (name: string) =>
    name.startsWith('d/attention/') ? doublings(config) - 1 - attended! : Number(name.split('/')[1]);
  return Object.keys(discriminatorParameters(config)).filter((name) => layerOf(name) >= frozen);
}

const hasBatchNorm = ({ normD }: NetworkConfig, layer: number): boolean => normD === 'batch' && layer > 0;

/**
 * Evaluates D.
 *
 * @param x pictures [N, size, size, 3] in [-1, 1].
 * @param tensors parameters; with spectral norm, filters already normalised.
 * @returns logits [N]: how real each picture looks.
 */
export function discriminator(
  config: NetworkConfig,
  tensors: Tensors,
  x: tf.Tensor4D,
  normalise: Normalise,
): tf.Tensor1D {
  const layers = doublings(config);
  let h = x;
  for (let layer = 0; layer < layers; layer++) {
    h = tf.conv2d(h, tensors[`d/${layer}/filter`] as tf.Tensor4D, 2, 'same');
    h = hasBatchNorm(config, layer) ? normalise(`d/${layer}`, h) : tf.add(h, tensors[`d/${layer}/bias`]!);
    h = tf.leakyRelu(h, SLOPE);
    if (layers - 1 - layer === attentionLevel(config)) h = selfAttention(tensors, 'd/attention', h);
  }
  const logit = tf.add(
    tf.conv2d(h, tensors[`d/${layers}/filter`] as tf.Tensor4D, 1, 'valid'),
    tensors[`d/${layers}/bias`]!,
  );
  return tf.reshape(logit, [x.shape[0]]);
}
