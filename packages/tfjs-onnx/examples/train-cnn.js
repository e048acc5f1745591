// Trains a CNN on drawn digits: `node train-cnn.js [onnxruntime-web]`. In a browser, `train(ort, 'wasm')` with ort from onnxruntime-web.
import '@tensorflow/tfjs-backend-cpu';
import { trainStep } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';

// The digits 0 to 9, each 5 rows of 3 bits.
const FONT = tf.tensor([...BigInt('0x3db7ac97e7cfcf3ede4f9cff3dfc927df7fbcf').toString(2)].map(Number), [10, 5, 3, 1]);
/** 16 noisy pictures, [16, 28, 28, 1], and their classes, [16, 10], always the same for a seed above 0. */
export function digits(seed) {
  const ids = tf.randomUniformInt([16], 0, 10, seed);
  const drawn = tf.image.resizeBilinear(tf.gather(FONT, ids), [28, 28]);
  return [tf.add(drawn, tf.randomNormal(drawn.shape, 0, 0.3, 'float32', seed)), tf.oneHot(ids, 10, 1, 0, 'float32')];
}

const options = { kernelSize: 5, kernelInitializer: initializers.glorotUniform({ seed: 1 }) };
const conv = (filters, inputShape) => layers.conv2d({ ...options, filters, inputShape, activation: 'relu' });
const pool = () => layers.maxPooling2d({ poolSize: 2 });
const end = () => [layers.flatten(), layers.dense({ ...options, units: 10, activation: 'softmax' })];
/** As in TensorFlow.js's MNIST example, with the same first weights each time. */
export const cnn = () => sequential({ layers: [conv(8, [28, 28, 1]), pool(), conv(16), pool(), ...end()] });

export async function train(runtime, provider, log = console.log) {
  const step = trainStep(cnn(), { optimizer: tf.train.adam(3e-3), loss: 'categoricalCrossentropy', runtime, provider });
  for (let seed = 1; seed <= 20; seed++) log((await step.run(...digits(seed))).loss);
}
// The name is an expression, so that bundlers for browsers leave the import out.
if (import.meta.filename?.endsWith(process.argv[1])) await train(await import(process.argv[2] ?? 'onnxruntime-node'));
