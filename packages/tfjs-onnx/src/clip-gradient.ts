/** @module Import for its effect: the gradient of ClipByValue as a product. */
import * as tf from '@tensorflow/tfjs-core';

/** TF.js chooses between dy and 0 with Where, which ONNX Runtime computes on one core; it computes products on all. */
tf.unregisterGradient('ClipByValue');
tf.registerGradient({
  kernelName: 'ClipByValue',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => {
    const { clipValueMin, clipValueMax } = attributes as unknown as { clipValueMin: number; clipValueMax: number };
    const notBelow = () => tf.cast(tf.greaterEqual(x!, clipValueMin), 'float32');
    const notAbove = () => tf.cast(tf.lessEqual(x!, clipValueMax), 'float32');
    return { x: () => tf.mul(dy as tf.Tensor, tf.mul(notBelow(), notAbove())) };
  },
});
