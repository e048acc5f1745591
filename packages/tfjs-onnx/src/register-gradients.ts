/** @module Import for its effect: registers TF.js's gradients and adds what they lack. */
// tfjs-core's own file of gradients can be imported by bundlers only. On Node this is tfjs-layers, which registers the same.
import '#gradients';
import * as tf from '@tensorflow/tfjs-core';
import './batch-norm-gradient.ts';
import './clip-gradient.ts';
import './leaky-relu-gradient.ts';
import './output-gradients.ts';

/**
 * TF.js gives GreaterEqual a gradient of zeros, and the other comparisons none. A gradient penalty differentiates
 * LeakyReLU twice, which needs the gradient of Greater.
 */
for (const kernelName of ['Greater', 'Less', 'LessEqual', 'Equal', 'NotEqual']) {
  if (tf.getGradient(kernelName)) continue;
  tf.registerGradient({
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (_dy, [a, b]) => ({ a: () => tf.zerosLike(a!), b: () => tf.zerosLike(b!) }),
  });
}

/** TF.js's gradients of Prod and GatherV2 call these methods of tensors, which tfjs-core alone does not define. */
const methods = tf.Tensor.prototype as unknown as Record<string, unknown>;
for (const [name, operation] of Object.entries({ reshape: tf.reshape, slice: tf.slice, split: tf.split })) {
  methods[name] ??= function (this: tf.Tensor, ...operands: unknown[]) {
    return (operation as (...operands: unknown[]) => unknown)(this, ...operands);
  };
}
