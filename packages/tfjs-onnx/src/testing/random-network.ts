import * as tf from '@tensorflow/tfjs-core';
import type { TensorFunction } from './compare.ts';
import { Random, type TestInput } from './random-values.ts';

type Operation = (x: tf.Tensor, random: Random, pool: readonly tf.Tensor[]) => tf.Tensor | undefined;

const LARGEST = 400;

const subset = (random: Random, rank: number): number[] =>
  Array.from({ length: rank }, (_, axis) => axis).filter(() => random.integer(0, 1) === 1);

const constant = (random: Random, shape: number[]): tf.Tensor =>
  tf.tensor(random.values({ shape, range: [-0.7, 0.7] }), shape);

/** A tensor of the pool that broadcasts with x. */
function partner(x: tf.Tensor, random: Random, pool: readonly tf.Tensor[]): tf.Tensor {
  const fitting = pool.filter(({ shape }) => {
    const overlap = Math.min(shape.length, x.rank);
    const [a, b] = [shape.slice(shape.length - overlap), x.shape.slice(x.rank - overlap)];
    return a.every((dimension, i) => dimension === b[i] || dimension === 1 || b[i] === 1);
  });
  const other = random.pick(fitting);
  const axes = subset(random, other.rank);
  return random.integer(0, 2) === 0 ? tf.mean(other, axes, true) : other;
}

/** A shape of the same size with its factors dealt out anew. */
function otherShape(shape: readonly number[], random: Random): number[] {
  const result = new Array<number>(random.integer(1, 4)).fill(1);
  for (let rest = shape.reduce((a, b) => a * b, 1), factor = 2; rest > 1; ) {
    if (rest % factor === 0) {
      const axis = random.integer(0, result.length - 1);
      result[axis]! *= factor;
      rest /= factor;
    } else factor++;
  }
  return result;
}

const matrix = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [x.rank > 0 ? x.shape[0]! : 1, -1]) as tf.Tensor2D;

const unary =
  (op: (x: tf.Tensor) => tf.Tensor): Operation =>
  (x) =>
    op(x);
const binary =
  (op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operation =>
  (x, random, pool) => {
    const other = partner(x, random, pool);
    return random.integer(0, 1) === 0 ? op(x, other) : op(other, x);
  };
/** Only for values of one rank. */
const ofRank =
  (rank: number, op: Operation): Operation =>
  (x, random, pool) =>
    x.rank === rank ? op(x, random, pool) : undefined;
const atLeast =
  (rank: number, op: Operation): Operation =>
  (x, random, pool) =>
    x.rank >= rank && x.rank <= 4 ? op(x, random, pool) : undefined;

const convolution: Operation = (x, random) => {
  const [kernel, channels] = [random.integer(1, 4), random.integer(1, 3)];
  const filter = constant(random, [kernel, random.integer(1, 3), x.shape[3]!, channels]);
  return tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, random.integer(1, 2), 'same');
};

const transposedConvolution: Operation = (x, random) => {
  const [N, H, W, C] = x.shape as [number, number, number, number];
  const [stride, channels] = [random.integer(1, 2), random.integer(1, 3)];
  const filter = constant(random, [random.integer(2, 4), random.integer(2, 4), channels, C]);
  return tf.conv2dTranspose(
    x as tf.Tensor4D,
    filter as tf.Tensor4D,
    [N, H * stride, W * stride, channels],
    stride,
    'same',
  );
};

const normalise: Operation = (x, random) => {
  const axes = subset(random, x.rank);
  const { mean, variance } = tf.moments(x, axes, true);
  // Not quite to mean 0, so that a later sum isn't rounding errors alone.
  return tf.mul(tf.sub(x, tf.mul(0.9, mean)), tf.rsqrt(tf.add(variance, 0.1)));
};

const operations: readonly Operation[] = [
  ...[tf.tanh, tf.sigmoid, tf.relu, tf.softplus, tf.sin, tf.cos, tf.elu, tf.neg, tf.abs].map((op) => unary(op)),
  unary((x) => tf.leakyRelu(x, 0.2)),
  unary((x) => tf.square(tf.tanh(x))),
  unary((x) => tf.clipByValue(x, -0.8, 0.9)),
  binary(tf.add),
  binary(tf.sub),
  binary(tf.mul),
  binary((a, b) => tf.div(a, tf.add(1, tf.square(b)))),
  binary((a, b) => tf.where(tf.greater(a, b), a, tf.mul(0.5, b))),
  (x, random) => tf.sum(tf.mul(x, 0.3), subset(random, x.rank), random.integer(0, 1) === 1),
  (x, random) => tf.mean(x, subset(random, x.rank), random.integer(0, 1) === 1),
  (x, random) => tf.max(x, subset(random, x.rank), random.integer(0, 1) === 1),
  (x, random) => tf.reshape(x, otherShape(x.shape, random)),
  (x, random) => (x.rank < 4 ? tf.expandDims(x, random.integer(0, x.rank)) : tf.squeeze(x)),
  (x, random) => tf.transpose(x, random.shuffled(x.shape.map((_, axis) => axis))),
  (x, random) => tf.reverse(x, subset(random, x.rank)),
  atLeast(1, (x, random) => {
    const begin = x.shape.map((dimension) => random.integer(0, dimension - 1));
    return tf.slice(
      x,
      begin,
      x.shape.map((dimension, axis) => random.integer(1, dimension - begin[axis]!)),
    );
  }),
  atLeast(1, (x, random) =>
    tf.pad(
      x,
      x.shape.map(() => [random.integer(0, 1), random.integer(0, 1)]),
      0.1,
    ),
  ),
  atLeast(1, (x, random) =>
    tf.tile(
      x,
      x.shape.map(() => random.integer(1, 2)),
    ),
  ),
  atLeast(1, (x, random) => tf.concat([x, tf.tanh(x)], random.integer(0, x.rank - 1))),
  (x, random) => {
    // TF.js cannot differentiate an unstack into a single tensor.
    const axes = x.shape.flatMap((dimension, axis) => (dimension > 1 ? [axis] : []));
    return axes.length > 0 ? tf.stack(tf.unstack(x, random.pick(axes))) : undefined;
  },
  atLeast(1, unary(tf.softmax)),
  atLeast(1, normalise),
  atLeast(1, (x) => tf.div(tf.matMul(matrix(x), matrix(x), false, true), x.size)),
  atLeast(1, (x, random) => tf.matMul(matrix(x), constant(random, [matrix(x).shape[1], random.integer(1, 3)]))),
  ofRank(4, convolution),
  ofRank(4, convolution),
  ofRank(4, transposedConvolution),
  ofRank(4, (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'same')),
];

/** Inputs of random shapes, ranks and physical orders; pictures are frequent, as convolutions want them. */
export function randomInputs(random: Random): Record<string, TestInput> {
  const shapes = Array.from({ length: random.integer(1, 3) }, (_, i) => {
    const rank = i === 0 || random.integer(0, 1) === 0 ? 4 : random.integer(0, 4);
    return Array.from({ length: rank }, () => random.integer(1, rank > 3 ? 3 : 4));
  });
  return Object.fromEntries(
    shapes.map((shape, i) => [`x${i}`, { shape, order: random.shuffled(shape.map((_, axis) => axis)) }]),
  );
}

/** A function of 4 to 10 random operations; the same seed makes the same function. */
export const randomNetwork =
  (seed: number): TensorFunction =>
  (inputs) => {
    const random = new Random(seed);
    const inputTensors = Object.values(inputs);
    const pool = [...inputTensors];
    const wanted = pool.length + random.integer(4, 10);
    while (pool.length < wanted) {
      const x = random.integer(0, 2) === 0 ? random.pick(pool) : pool.at(-1)!;
      const result = random.pick(operations)(x, random, pool);
      if (!result) continue;
      pool.push(result.size > LARGEST ? tf.mean(result, 0) : result);
    }
    // Every input has a path to some output, as gradients demand.
    const total = pool.map((tensor) => tf.mean(tensor)).reduce((sum, mean) => tf.add(sum, mean));
    return [...pool.slice(-3), total];
  };
