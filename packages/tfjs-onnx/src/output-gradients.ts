import * as tf from '@tensorflow/tfjs-core';

/** Kernels whose gradient TF.js writes in terms of their output, by the name of their input. */
const kernels = {
  Exp: { input: 'x', output: (x: tf.Tensor) => tf.exp(x) },
  Sigmoid: { input: 'x', output: (x: tf.Tensor) => tf.sigmoid(x) },
  Tanh: { input: 'x', output: (x: tf.Tensor) => tf.tanh(x) },
  Softmax: { input: 'logits', output: (x: tf.Tensor) => tf.softmax(x) },
};

/**
 * TF.js saves the output of such a kernel as a copy which its tape records before the kernel itself, so that a second
 * derivative through the output is lost: without an error where there are other paths, as in a gradient penalty on
 * self-attention. Here the gradient computes the output from the input again; in a traced graph both are one node.
 */
for (const [kernelName, { input, output }] of Object.entries(kernels)) {
  const { gradFunc } = tf.getGradient(kernelName)!;
  tf.unregisterGradient(kernelName);
  tf.registerGradient({
    kernelName,
    inputsToSave: [input],
    gradFunc: (dy, [x], attributes) => gradFunc(dy, [output(x!)], attributes),
  });
}
