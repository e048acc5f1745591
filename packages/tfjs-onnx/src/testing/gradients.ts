import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '../graph/types.ts';
import type { TensorFunction } from './compare.ts';
import { Random } from './random-values.ts';

type Scalar = (inputs: Record<string, tf.Tensor>) => tf.Tensor;

/** A function's float outputs, each multiplied by fixed random numbers, summed to one number. */
const projected =
  (fn: TensorFunction): Scalar =>
  (inputs) => {
    const result = fn(inputs);
    const sums = (result instanceof tf.Tensor ? [result] : [...result])
      .filter((output) => output.dtype === 'float32')
      .map((output, i) => {
        const weights = new Random(100 + i).values({ shape: [sizeOf(output.shape)] });
        return tf.sum(tf.mul(output, tf.tensor(weights, output.shape)));
      });
    return sums.reduce((total, sum) => tf.add(total, sum));
  };

function gradientsOf(fn: Scalar, names: readonly string[]): (inputs: Record<string, tf.Tensor>) => tf.Tensor[] {
  return (inputs) =>
    tf.grads((...tensors: tf.Tensor[]) =>
      fn({ ...inputs, ...Object.fromEntries(names.map((name, i) => [name, tensors[i]!])) }).asScalar(),
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
