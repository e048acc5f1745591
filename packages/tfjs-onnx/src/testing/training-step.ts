import * as tf from '@tensorflow/tfjs-core';
import { NCHW, OIHW } from '../graph/traced.ts';
import type { Step } from '../runtime/program.ts';
import type { NamedValues } from '../runtime/program-state.ts';
import type { NamedSpecs, NamedTensors } from '../trace.ts';
import { Random } from './random-values.ts';

/** A small critic on pictures [4,8,8,3]: strided convolution, LeakyReLU, convolution over all. */
const PARAMETERS: NamedSpecs = {
  filter: { shape: [4, 4, 3, 6], order: OIHW },
  bias: { shape: [6] },
  last: { shape: [4, 4, 6, 1], order: OIHW },
};

export const stepInputs: NamedSpecs = {
  x: { shape: [4, 8, 8, 3], order: NCHW },
  target: { shape: [4, 1] },
  rate: { shape: [] },
};

/** Parameters and the two moments of Adam for each. */
export const stepState: NamedSpecs = Object.fromEntries(
  Object.entries(PARAMETERS).flatMap(([name, spec]) => ['', 'm/', 'v/'].map((part) => [part + name, spec])),
);

export function initialValues(seed = 1): NamedValues {
  const random = new Random(seed);
  return Object.fromEntries(
    Object.entries(stepState).map(([name, { shape }]) => [
      name,
      random.values({ shape, range: name.includes('/') ? [0, 1e-9] : [-0.2, 0.2] }) as Float32Array,
    ]),
  );
}

/** Values of `stepInputs`, in logical row-major order. */
export function batch(seed: number): NamedValues {
  const random = new Random(seed);
  const values = (shape: readonly number[], from: number, to: number) =>
    random.values({ shape, range: [from, to] }) as Float32Array;
  return { x: values([4, 8, 8, 3], -1, 1), target: values([4, 1], 0, 1), rate: Float32Array.of(0.01) };
}

function critic({ filter, bias, last }: NamedTensors, x: tf.Tensor): tf.Tensor {
  const features = tf.add(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same'), bias!);
  const logits = tf.conv2d(tf.leakyRelu(features, 0.2) as tf.Tensor4D, last as tf.Tensor4D, 1, 'valid');
  return tf.reshape(logits, [-1, 1]);
}

/** Cross-entropy with a gradient penalty, and Adam without bias correction: every part a GAN's step has. */
export const trainingStep: Step = (state, { x, target, rate }) => {
  const names = Object.keys(PARAMETERS);
  const loss = (...tensors: tf.Tensor[]) => {
    const parameters = Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
    const logits = critic(parameters, x!);
    const entropy = tf.sub(tf.softplus(logits), tf.mul(logits, target!));
    const slope = tf.grad((pictures: tf.Tensor) => tf.sum(critic(parameters, pictures)))(x!);
    return tf.add(tf.mean(entropy), tf.mul(0.1, tf.mean(tf.square(slope)))) as tf.Scalar;
  };
  const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => state[name]!));
  const next: NamedTensors = {};
  for (const [i, name] of names.entries()) {
    const gradient = grads[i]!;
    const m = tf.add(tf.mul(state[`m/${name}`]!, 0.5), tf.mul(gradient, 0.5));
    const v = tf.add(tf.mul(state[`v/${name}`]!, 0.9), tf.mul(tf.square(gradient), 0.1));
    next[`m/${name}`] = m;
    next[`v/${name}`] = v;
    next[name] = tf.sub(state[name]!, tf.mul(rate!, tf.div(m, tf.add(tf.sqrt(v), 1e-4))));
  }
  return { state: next, outputs: { loss: value } };
};
