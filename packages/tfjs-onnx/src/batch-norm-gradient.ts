/** @module Import for its effect: the gradient of a batch norm's input as a batch norm itself. */
import * as tf from '@tensorflow/tfjs-core';

/** TF.js multiplies dy by one statistic after the other. A batch norm with a mean of 0 is one kernel, and can be folded. */
const { gradFunc, inputsToSave } = tf.getGradient('FusedBatchNorm')!;
tf.unregisterGradient('FusedBatchNorm');
tf.registerGradient({
  kernelName: 'FusedBatchNorm',
  inputsToSave: inputsToSave!,
  gradFunc: (dy, saved, attributes) => {
    const [, mean, variance, scale] = saved as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
    const { varianceEpsilon } = attributes as unknown as { varianceEpsilon: number };
    // With an offset, as TF.js differentiates no batch norm that lacks one.
    const zeros = () => tf.zerosLike(mean);
    const input = () => tf.batchNorm(dy as tf.Tensor4D, zeros(), variance, zeros(), scale, varianceEpsilon);
    return { ...gradFunc(dy, saved, attributes), x: input };
  },
});
