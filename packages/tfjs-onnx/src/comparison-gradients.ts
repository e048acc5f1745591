import * as tf from '@tensorflow/tfjs-core';

/**
 * TF.js gives GreaterEqual a gradient of zeros, and its siblings none. Differentiating LeakyReLU twice, as a gradient
 * penalty does, walks through Greater and would fail.
 */
for (const kernelName of ['Greater', 'Less', 'LessEqual', 'Equal', 'NotEqual']) {
  if (tf.getGradient(kernelName)) continue;
  tf.registerGradient({
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (_dy, [a, b]) => ({ a: () => tf.zerosLike(a!), b: () => tf.zerosLike(b!) }),
  });
}
