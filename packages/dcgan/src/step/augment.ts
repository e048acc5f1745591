import type { UniformStream } from '@latent-dogs/latent';
import * as tf from '@tensorflow/tfjs-core';

export type AugmentPolicy = 'color' | 'translation' | 'cutout';

/** Random numbers per picture: brightness, saturation, contrast, shift down, shift right, cutout row, cutout column. */
export const AUGMENT_NUMBERS = 7;

const SHIFT_RATIO = 0.125;
const CUTOUT_RATIO = 0.5;

/** Random numbers for N pictures `size` pixels wide, [N, 7], with the ranges of DiffAugment (arXiv:2006.10738, appendix). */
export function drawAugmentations(stream: UniformStream, N: number, size: number): Float32Array {
  const draws = new Float32Array(N * AUGMENT_NUMBERS);
  const reach = Math.round(size * SHIFT_RATIO);
  for (let i = 0; i < draws.length; i += AUGMENT_NUMBERS) {
    draws[i] = stream.next() - 0.5;
    draws[i + 1] = stream.next() * 2;
    draws[i + 2] = stream.next() + 0.5;
    draws[i + 3] = stream.nextInt(2 * reach + 1) - reach;
    draws[i + 4] = stream.nextInt(2 * reach + 1) - reach;
    draws[i + 5] = stream.nextInt(size + 1);
    draws[i + 6] = stream.nextInt(size + 1);
  }
  return draws;
}

/** The policy of each number of a draw. */
const POLICY: readonly number[] = [0, 0, 0, 1, 1, 2, 2];
const POLICIES = 3;

/** Uniform numbers in [0, 1) that decide which policies are applied to which of N pictures: [N, 3], in float64. */
export const drawGates = (stream: UniformStream, N: number): Float64Array =>
  Float64Array.from({ length: N * POLICIES }, () => stream.next());

/** The draw that leaves a picture exactly as it is: the cutout lies above and left of it. */
const identityDraw = (size: number): readonly number[] => [0, 1, 1, 0, 0, -size, -size];

/**
 * Draws by which each policy is applied to each picture with probability p, independently, as in ADA (Karras et al. 2020,
 * arXiv:2006.06676, section 2.3); otherwise that policy leaves the picture as it is.
 *
 * @param draws [N, 7] from drawAugmentations.
 * @param gates [N, 3] from drawGates: a policy is applied if its number is less than p.
 * @param p 0 to 1.
 * @returns [N, 7]; for p = 1, the same draws.
 */
export function appliedWithProbability(
  p: number,
  draws: Float32Array,
  gates: Float64Array,
  size: number,
): Float32Array {
  const identity = identityDraw(size);
  return draws.map((draw, i) => {
    const [picture, number] = [Math.floor(i / AUGMENT_NUMBERS), i % AUGMENT_NUMBERS];
    return gates[picture * POLICIES + POLICY[number]!]! < p ? draw : identity[number]!;
  });
}

/**
 * Differentiable augmentation of D's inputs, the same for photos and fakes (Zhao et al. 2020, arXiv:2006.10738).
 *
 * @param x pictures [N, size, size, 3] in [-1, 1].
 * @param draws [N, 7] from drawAugmentations or appliedWithProbability.
 * @param policies applied in the order color, translation, cutout.
 * @returns pictures [N, size, size, 3]; `color` can leave [-1, 1].
 */
export function augment(x: tf.Tensor4D, draws: tf.Tensor, policies: readonly AugmentPolicy[]): tf.Tensor4D {
  if (policies.length === 0) return x;
  const [N, size] = x.shape;
  const draw = (index: number) => tf.reshape(tf.slice(draws, [0, index], [N, 1]), [N, 1, 1, 1]);
  let y = x;
  if (policies.includes('color')) {
    y = tf.add(y, draw(0));
    y = spread(y, tf.mean(y, 3, true), draw(1));
    y = spread(y, tf.mean(y, [1, 2, 3], true), draw(2));
  }
  if (policies.includes('translation')) y = translate(y, draw(3), draw(4));
  if (policies.includes('cutout')) {
    const hidden = tf.mul(within(size, draw(5)), tf.transpose(within(size, draw(6)), [0, 2, 1, 3]));
    y = tf.mul(y, tf.sub(1, hidden));
  }
  return y;
}

/** Multiplies distances to `centre` by `factor`. For 1 the centre is 0, so that nothing is rounded and x stays as it is. */
function spread(x: tf.Tensor4D, centre: tf.Tensor, factor: tf.Tensor): tf.Tensor4D {
  const exact = tf.mul(centre, tf.cast(tf.notEqual(factor, 1), 'float32'));
  return tf.add(tf.mul(tf.sub(x, exact), factor), exact);
}

/** Whole-pixel shift with zeros beyond the border, as products with shifted identity matrices. */
function translate(x: tf.Tensor4D, down: tf.Tensor, right: tf.Tensor): tf.Tensor4D {
  const turned = tf.transpose(shiftRows(x, down), [0, 2, 1, 3]) as tf.Tensor4D;
  return tf.transpose(shiftRows(turned, right), [0, 2, 1, 3]);
}

/** Row i of the result is row i - distance of the picture: one product [size, size] · [size, width·channels] per picture. */
function shiftRows(x: tf.Tensor4D, distance: tf.Tensor): tf.Tensor4D {
  const [N, size, width, channels] = x.shape;
  const rows = tf.reshape(x, [N, size, width * channels]);
  return tf.reshape(tf.matMul(shift(size, tf.reshape(distance, [N, 1, 1])), rows), x.shape);
}

/** [N,size,size]: row i has its 1 at column i - distance. */
function shift(size: number, distance: tf.Tensor): tf.Tensor {
  const offsets = Float32Array.from({ length: size * size }, (_, i) => Math.floor(i / size) - (i % size));
  return tf.cast(tf.equal(tf.tensor3d(offsets, [1, size, size]), distance), 'float32');
}

/** [N,size,1,1]: 1 where a row or column is within half the cutout's side of `centre`, 0 elsewhere. */
function within(size: number, centre: tf.Tensor): tf.Tensor {
  const positions = tf.tensor4d(
    Float32Array.from({ length: size }, (_, i) => i),
    [1, size, 1, 1],
  );
  const half = Math.floor((size * CUTOUT_RATIO) / 2);
  const offset = tf.sub(positions, centre);
  return tf.cast(tf.logicalAnd(tf.greaterEqual(offset, -half), tf.less(offset, half)), 'float32');
}
