import { NormalStream } from '@latent-dogs/latent';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
// Registers the gradients.
import '@latent-dogs/tfjs-onnx';
import { beforeAll, expect, test } from 'vitest';
import { normaliseByBatch } from './batch-norm.ts';

beforeAll(() => tf.setBackend('cpu').then(() => {}));

const SHAPE: [number, number, number, number] = [3, 2, 2, 2];
const CHANNELS = 2;

interface Values {
  x: number[];
  gamma: number[];
  beta: number[];
}

/** Batch norm by its definition (Ioffe & Szegedy 2015, algorithm 1), in float64. */
function definition({ x, gamma, beta }: Values): number[] {
  const inChannel = (channel: number) => x.filter((_, i) => i % CHANNELS === channel);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const statistics = [0, 1].map((channel) => {
    const centre = mean(inChannel(channel));
    return { centre, variance: mean(inChannel(channel).map((value) => (value - centre) ** 2)) };
  });
  return x.map((value, i) => {
    const { centre, variance } = statistics[i % CHANNELS]!;
    return (gamma[i % CHANNELS]! * (value - centre)) / Math.sqrt(variance + 1e-5) + beta[i % CHANNELS]!;
  });
}

const normals = (seed: number, count: number) => Array.from(new NormalStream(seed).fill(new Float32Array(count)));

const WEIGHTS = normals(1, 24);
/** A smooth, curved scalar function, so that no symmetry of batch norm hides a term of its gradient. */
const scalar = (y: number[]) => y.reduce((sum, value, i) => sum + WEIGHTS[i]! * value + value ** 4 / 24, 0);
const scalarOf = (y: tf.Tensor) =>
  tf.add(tf.sum(tf.mul(y, tf.tensor(WEIGHTS, SHAPE))), tf.div(tf.sum(tf.pow(y, 4)), 24)) as tf.Scalar;

const values: Values = {
  x: normals(2, 24).map((value, i) => 1.5 * value + (i % CHANNELS)),
  gamma: [0.8, -1.3],
  beta: [0.2, -0.4],
};

/** Central differences of `f` at `of`; `f` gets copies. */
function slopes(of: readonly number[], f: (moved: number[]) => number, step = 1e-4): number[] {
  return of.map((_, i) => {
    const at = (by: number) => f(of.map((value, j) => (j === i ? value + by : value)));
    return (at(step) - at(-step)) / (2 * step);
  });
}

/** Gradients of `f` with respect to x, gamma and beta, by TF.js. */
function gradients(f: (y: tf.Tensor4D, x: tf.Tensor4D) => tf.Scalar): number[][] {
  return tf.tidy(() => {
    const tensors = [tf.tensor4d(values.x, SHAPE), tf.tensor1d(values.gamma), tf.tensor1d(values.beta)];
    const grads = tf.grads((x, gamma, beta) => {
      const y = normaliseByBatch({ 'l/gamma': gamma!, 'l/beta': beta! })('l', x as tf.Tensor4D);
      return f(y, x as tf.Tensor4D);
    })(tensors);
    return grads.map((gradient) => Array.from(gradient.dataSync()));
  });
}

test.each(['x', 'gamma', 'beta'] as const)('the explicit gradient by %s agrees with finite differences', (name) => {
  const index = ['x', 'gamma', 'beta'].indexOf(name);
  const actual = gradients(scalarOf)[index]!;
  const expected = slopes(values[name], (moved) => scalar(definition({ ...values, [name]: moved })));
  // Differences in float64 are exact to step^2 = 1e-8; float32 sums of 24 numbers up to 10 to 1e-5.
  for (const [i, slope] of expected.entries()) expect(Math.abs(actual[i]! - slope), `${i}`).toBeLessThan(5e-5);
  // None is 0 by symmetry.
  expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.3);
});

test('the gradient can be differentiated again, as R1 needs', () => {
  const actual = tf.tidy(() => {
    const norm = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) =>
      normaliseByBatch({ 'l/gamma': gamma, 'l/beta': beta })('l', x as tf.Tensor4D);
    const penalty = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => {
      const slope = tf.grad((pictures: tf.Tensor) => scalarOf(norm(pictures, gamma, beta)))(x);
      return tf.sum(tf.mul(slope, slope)) as tf.Scalar;
    };
    const tensors = [tf.tensor4d(values.x, SHAPE), tf.tensor1d(values.gamma), tf.tensor1d(values.beta)];
    const grads = tf.grads((x, gamma, beta) => penalty(x!, gamma!, beta!))(tensors);
    return grads.map((gradient) => Array.from(gradient.dataSync()));
  });
  const penalty = (at: Values) =>
    slopes(at.x, (x) => scalar(definition({ ...at, x }))).reduce((sum, slope) => sum + slope ** 2, 0);
  for (const [i, name] of (['x', 'gamma', 'beta'] as const).entries()) {
    const expected = slopes(values[name], (moved) => penalty({ ...values, [name]: moved }), 1e-3);
    const scale = Math.max(...expected.map(Math.abs));
    // Differences of differences: step^2 = 1e-6 times third derivatives.
    for (const [j, slope] of expected.entries()) {
      expect(Math.abs(actual[i]![j]! - slope) / scale, `${name} ${j}`).toBeLessThan(1e-4);
    }
  }
});

test('values agree with the definition, and the running variance is unbiased', () => {
  const x = tf.tensor4d(values.x, SHAPE);
  const tensors = {
    'l/gamma': tf.tensor1d(values.gamma),
    'l/beta': tf.tensor1d(values.beta),
    'l/mean': tf.tensor1d([1, 2]),
    'l/variance': tf.tensor1d([3, 4]),
  };
  const updates: Record<string, tf.Tensor> = {};
  const actual = normaliseByBatch(tensors, updates)('l', x).dataSync();
  for (const [i, value] of definition(values).entries()) expect(actual[i]).toBeCloseTo(value, 5);
  for (const channel of [0, 1]) {
    const own = values.x.filter((_, i) => i % CHANNELS === channel);
    const mean = own.reduce((sum, value) => sum + value, 0) / 12;
    const unbiased = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 11;
    expect(updates['l/mean']!.dataSync()[channel]).toBeCloseTo(0.9 * [1, 2][channel]! + 0.1 * mean, 5);
    expect(updates['l/variance']!.dataSync()[channel]).toBeCloseTo(0.9 * [3, 4][channel]! + 0.1 * unbiased, 5);
  }
});
