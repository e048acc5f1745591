import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '../graph/types.ts';
import type { TensorFunction } from './compare.ts';
import { Random } from './random-values.ts';

type Scalar = (inputs: Record<string, tf.Tensor>) => tf.Tensor;

/** Fixed random numbers for the `i`-th output. */
const projection = (i: number, size: number) => new Random(100 + i).values({ shape: [size] });

/** A function's float outputs, each multiplied by fixed random numbers, summed to one number. */
const projected =
  (fn: TensorFunction): Scalar =>
  (inputs) => {
    const result = fn(inputs);
    const sums = (result instanceof tf.Tensor ? [result] : [...result])
      .filter((output) => output.dtype === 'float32')
      .map((output, i) => {
        return tf.sum(tf.mul(output, tf.tensor(projection(i, sizeOf(output.shape)), output.shape)));
      });
    return sums.reduce((total, sum) => tf.add(total, sum));
  };

function gradientsOf(fn: Scalar, names: readonly string[]): (inputs: Record<string, tf.Tensor>) => tf.Tensor[] {
  return (inputs) =>
    tf.grads((...tensors: tf.Tensor[]) =>
      fn({ ...inputs, ...Object.fromEntries(names.map((name, i) => [name, tensors[i]!])) }),
    )(names.map((name) => inputs[name]!));
}

/** Outputs of `fn` and the gradients of a random projection of them with respect to `names`. */
export const withGradients =
  (fn: TensorFunction, names: readonly string[]): TensorFunction =>
  (inputs) => {
    const result = fn(inputs);
    return [...(result instanceof tf.Tensor ? [result] : result), ...gradientsOf(projected(fn), names)(inputs)];
  };

/** Gradients with respect to `names` of a gradient penalty: the squared norm of the gradient with respect to `penalised`. */
export const withPenaltyGradients = (fn: TensorFunction, penalised: string, names: readonly string[]): TensorFunction =>
  gradientsOf((inputs) => tf.sum(tf.square(gradientsOf(projected(fn), [penalised])(inputs)[0]!)), names);

/**
 * What `withGradients(fn, [name])` should give for a function that is linear in that input and treats the batch item by
 * item: from its values at every unit vector, for gradients that TF.js's cpu backend gets wrong.
 */
export const withLinearGradients =
  (fn: (inputs: Record<string, tf.Tensor>) => tf.Tensor, name: string): TensorFunction =>
  (inputs) => {
    const { shape } = inputs[name]!;
    const [N, ...item] = shape;
    const size = sizeOf(item);
    const output = fn(inputs);
    const units = fn({ ...inputs, [name]: tf.reshape(tf.eye(size), [size, ...item]) });
    const weights = tf.tensor(projection(0, output.size), [N!, output.size / N!]);
    const gradient = tf.matMul(weights, tf.reshape(units, [size, -1]), false, true);
    return [output, tf.reshape(gradient, shape)];
  };
