import * as tf from '@tensorflow/tfjs-core';
import { NCHW, OIHW } from '../graph/traced.ts';
import { sizeOf } from '../graph/types.ts';
import type { Step } from '../runtime/program.ts';
import type { NamedValues } from '../runtime/program-state.ts';
import type { NamedSpecs, NamedTensors } from '../trace.ts';
import { Random } from './random-values.ts';

/** A small GAN on pictures [N,8,8,3] that has every part of a DCGAN's training. */
export interface SmallGan {
  readonly inputs: NamedSpecs;
  /** Parameters, and two moments of Adam for each. */
  readonly specs: NamedSpecs;
  readonly step: Step;
  readonly initialValues: (seed?: number) => NamedValues;
  /** Values of `inputs` in logical row-major order. */
  readonly batch: (seed: number) => NamedValues;
}

const LATENT = 5;

export function smallGan({ N, channels: C }: { N: number; channels: number } = { N: 4, channels: 6 }): SmallGan {
  const parametersG: NamedSpecs = {
    'g/project': { shape: [LATENT, 4 * 4 * C] },
    'g/gamma': { shape: [C] },
    'g/beta': { shape: [C] },
    'g/filter': { shape: [4, 4, 3, C], order: OIHW },
  };
  const parametersD: NamedSpecs = {
    'd/filter': { shape: [4, 4, 3, C], order: OIHW },
    'd/bias': { shape: [C] },
    'd/last': { shape: [4, 4, C, 1], order: OIHW },
  };
  const specs = Object.fromEntries(
    Object.entries({ ...parametersG, ...parametersD }).flatMap(([name, spec]) =>
      ['', 'm/', 'v/'].map((part) => [part + name, spec]),
    ),
  );
  const inputs: NamedSpecs = {
    x: { shape: [N, 8, 8, 3], order: NCHW },
    z: { shape: [N, LATENT] },
    rate: { shape: [] },
  };
  const values = (random: Random, shape: readonly number[], from: number, to: number) =>
    random.values({ shape, range: [from, to] }) as Float32Array;

  return {
    inputs,
    specs,
    step: trainingStep(Object.keys(parametersG), Object.keys(parametersD)),
    initialValues: (seed = 1) => {
      const random = new Random(seed);
      const moments = /^[mv]\//;
      return Object.fromEntries(
        Object.entries(specs).map(([name, { shape }]) => [
          name,
          moments.test(name) ? new Float32Array(sizeOf(shape)) : values(random, shape, -0.2, 0.2),
        ]),
      );
    },
    batch: (seed) => {
      const random = new Random(seed);
      return {
        x: values(random, [N, 8, 8, 3], -1, 1),
        z: values(random, [N, LATENT], -2, 2),
        rate: Float32Array.of(0.01),
      };
    },
  };
}

/** Projection, batch norm, ReLU, transposed convolution, tanh: z [N,5] -> [N,8,8,3]. */
function generator(parameters: NamedTensors, z: tf.Tensor): tf.Tensor4D {
  const N = z.shape[0]!;
  const ground = tf.reshape(tf.matMul(z, parameters['g/project']!), [N, 4, 4, -1]);
  const { mean, variance } = tf.moments(ground, [0, 1, 2]);
  const normal = tf.mul(tf.sub(ground, mean), tf.rsqrt(tf.add(variance, 1e-3)));
  const features = tf.relu(tf.add(tf.mul(normal, tf.add(1, parameters['g/gamma']!)), parameters['g/beta']!));
  const filter = parameters['g/filter'] as tf.Tensor4D;
  return tf.tanh(tf.conv2dTranspose(features as tf.Tensor4D, filter, [N, 8, 8, 3], 2, 'same'));
}

/** Strided convolution, LeakyReLU, convolution over all: [N,8,8,3] -> logits [N,1]. */
function discriminator(parameters: NamedTensors, x: tf.Tensor): tf.Tensor {
  const filter = parameters['d/filter'] as tf.Tensor4D;
  const features = tf.add(tf.conv2d(x as tf.Tensor4D, filter, 2, 'same'), parameters['d/bias']!);
  const last = parameters['d/last'] as tf.Tensor4D;
  return tf.reshape(tf.conv2d(tf.leakyRelu(features, 0.2) as tf.Tensor4D, last, 1, 'valid'), [-1, 1]);
}

/** Non-saturating losses, a gradient penalty on real pictures, and Adam without bias correction. */
const trainingStep =
  (namesG: readonly string[], namesD: readonly string[]): Step =>
  (state, { x, z, rate }) => {
    const D = differentiate(state, namesD, (parameters) => {
      const slope = tf.grad((pictures: tf.Tensor) => tf.sum(discriminator(parameters, pictures)))(x!);
      const penalty = tf.mul(0.1, tf.mean(tf.square(slope)));
      const real = tf.mean(tf.softplus(tf.neg(discriminator(parameters, x!))));
      const fake = tf.mean(tf.softplus(discriminator(parameters, generator(state, z!))));
      return tf.add(tf.add(real, fake), penalty);
    });
    const nextD = adam(state, D.gradients, rate!);
    const G = differentiate(state, namesG, (parameters) =>
      tf.mean(tf.softplus(tf.neg(discriminator(nextD, generator(parameters, z!))))),
    );
    return { state: { ...nextD, ...adam(state, G.gradients, rate!) }, outputs: { lossD: D.value, lossG: G.value } };
  };

function differentiate(state: NamedTensors, names: readonly string[], loss: (parameters: NamedTensors) => tf.Tensor) {
  const named = (tensors: tf.Tensor[]) => Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
  const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => loss(named(tensors)) as tf.Scalar)(
    names.map((name) => state[name]!),
  );
  return { value, gradients: named(grads) };
}

function adam(state: NamedTensors, gradients: NamedTensors, rate: tf.Tensor): NamedTensors {
  const next: NamedTensors = {};
  for (const [name, gradient] of Object.entries(gradients)) {
    const m = tf.add(tf.mul(state[`m/${name}`]!, 0.5), tf.mul(gradient, 0.5));
    const v = tf.add(tf.mul(state[`v/${name}`]!, 0.9), tf.mul(tf.square(gradient), 0.1));
    next[`m/${name}`] = m;
    next[`v/${name}`] = v;
    next[name] = tf.sub(state[name]!, tf.mul(rate, tf.div(m, tf.add(tf.sqrt(v), 1e-3))));
  }
  return next;
}
