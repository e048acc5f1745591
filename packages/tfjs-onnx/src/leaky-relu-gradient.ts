/** @module Import for its effect: the gradient of LeakyRelu as a product with the slope of each value. */
import * as tf from '@tensorflow/tfjs-core';

/** TF.js chooses between dy and alpha * dy with Where. As a product, dy * step(x, alpha), all cores of ONNX Runtime compute it. */
tf.unregisterGradient('LeakyRelu');
tf.registerGradient({
  kernelName: 'LeakyRelu',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => {
    const { alpha } = attributes as unknown as { alpha: number };
    return { x: () => tf.mul(dy as tf.Tensor, tf.step(x!, alpha)) };
  },
});
