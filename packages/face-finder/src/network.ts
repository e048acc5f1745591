import * as tf from '@tensorflow/tfjs-core';
import { GRID } from './sizes.ts';

/** Convolutions with ReLU, filters [side, side], 'same' padding. The first ones go from 128 to 32, 16 and then 8 cells a side. */
const LAYERS = {
  0: { side: 4, input: 3, output: 32, stride: 4 },
  1: { side: 3, input: 32, output: 64, stride: 2 },
  2: { side: 3, input: 64, output: 96, stride: 2 },
  // The surroundings of a cell, at 4 cells a side: each sees 124 of the 128 pixels, as large faces need.
  3: { side: 3, input: 96, output: 96, stride: 2 },
  4: { side: 3, input: 96, output: 96, stride: 1 },
  // Of the cells and their surroundings together.
  5: { side: 1, input: 192, output: 96, stride: 1 },
} as const;

/** The share of cells with a face that the untrained network claims (RetinaNet: Lin et al. 2017, arXiv:1708.02002, section 4.1). */
const PRIOR = 0.05;
/** Log side that the untrained network claims: about the mean of the photos. */
const MEAN_LOG_SIDE = -0.8;

interface Parameter {
  readonly shape: readonly number[];
  readonly initial: { readonly mean: number; readonly deviation: number } | { readonly constant: number };
}

/** Shapes and initial values (He et al. 2015, arXiv:1502.01852) of all parameters, by name. */
export function faceParameters(): Record<string, Parameter> {
  const parameters: Record<string, Parameter> = {};
  for (const [name, { side, input, output }] of Object.entries(LAYERS)) {
    const deviation = Math.sqrt(2 / (side * side * input));
    parameters[`face/${name}/filter`] = { shape: [side, side, input, output], initial: { mean: 0, deviation } };
    parameters[`face/${name}/bias`] = { shape: [output], initial: { constant: 0 } };
  }
  const input = LAYERS[5].output;
  const small = { mean: 0, deviation: 0.01 };
  parameters['face/score/filter'] = { shape: [1, 1, input, 1], initial: small };
  parameters['face/score/bias'] = { shape: [1], initial: { constant: Math.log(PRIOR / (1 - PRIOR)) } };
  parameters['face/place/filter'] = { shape: [1, 1, input, 2], initial: small };
  parameters['face/place/bias'] = { shape: [2], initial: { constant: 0 } };
  parameters['face/side/filter'] = { shape: [1, 1, input, 1], initial: small };
  parameters['face/side/bias'] = { shape: [1], initial: { constant: MEAN_LOG_SIDE } };
  return parameters;
}

/**
 * Evaluates the network: a heatmap of face centres, with the place and size of a face in every cell, in the manner of CenterNet
 * (Zhou et al. 2019, arXiv:1904.07850), without its upsampling: 8x8 cells tell the faces of one photo apart.
 *
 * @param tensors by the names of `faceParameters`.
 * @param pictures RGB, [N, 128, 128, 3], from 0 to 255.
 * @returns [N, 8, 8, 4]. Of each cell: the logit that a face's centre is in it; the centre's distance from the middle of the
 * cell, right and down, in cells; the natural log of the face's side, as a share of the picture.
 */
export function faceNetwork(tensors: Readonly<Record<string, tf.Tensor>>, pictures: tf.Tensor): tf.Tensor4D {
  const convolution = (x: tf.Tensor4D, name: string, stride: number) =>
    tf.add(
      tf.conv2d(x, tensors[`face/${name}/filter`] as tf.Tensor4D, stride, 'same'),
      tensors[`face/${name}/bias`]!,
    ) as tf.Tensor4D;
  const layer = (x: tf.Tensor4D, name: keyof typeof LAYERS) =>
    tf.relu(convolution(x, String(name), LAYERS[name].stride)) as tf.Tensor4D;
  const scaled = tf.div(tf.sub(tf.cast(pictures, 'float32'), 127.5), 63.75) as tf.Tensor4D;
  const cells = layer(layer(layer(scaled, 0), 1), 2);
  const surroundings = layer(layer(cells, 3), 4);
  const both = layer(tf.concat([cells, tf.image.resizeNearestNeighbor(surroundings, [GRID, GRID])], 3), 5);
  return tf.concat(
    ['score', 'place', 'side'].map((name) => convolution(both, name, 1)),
    3,
  ) as tf.Tensor4D;
}
