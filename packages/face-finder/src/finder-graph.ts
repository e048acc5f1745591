import { type Graph, mergeBiases, type NamedValues, storeWeights, trace } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import { faceNetwork, faceParameters } from './network.ts';
import { PICTURE } from './sizes.ts';

/**
 * The graph of finder.onnx: `picture` uint8 [1, 128, 128, 3] -> `cells` float32 [1, 8, 8, 4], see `faceNetwork`. Filters are
 * stored as int8 with a scale for each output channel.
 *
 * @param weights by the names of `faceParameters`.
 * @param threshold the score, above 0 and below 1, from which a face counts as found. The graph's logits are shifted by its
 * logit, so that 0.5 is the threshold of every file.
 */
export function finderGraph(weights: NamedValues, threshold = 0.5): Graph {
  const shifted: NamedValues = {
    ...weights,
    'face/score/bias': weights['face/score/bias']!.map((bias) => bias - Math.log(threshold / (1 - threshold))),
  };
  const traced = trace(
    ({ picture }) => {
      const tensors = Object.entries(faceParameters()).map(([name, { shape }]) => [
        name,
        tf.tensor(shifted[name]!, [...shape]),
      ]);
      return { cells: faceNetwork(Object.fromEntries(tensors), picture!) };
    },
    { picture: { shape: [1, PICTURE, PICTURE, 3], dtype: 'uint8' } },
  );
  return storeWeights(mergeBiases(traced), 'int8');
}
