import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
// Registers the gradients.
import '@latent-dogs/tfjs-onnx';
import { beforeAll, describe, expect, test } from 'vitest';
import { type LossName, losses } from './losses.ts';

beforeAll(() => tf.setBackend('cpu').then(() => {}));

/** Loss and gradient of one logit. */
function at(loss: (logits: tf.Tensor) => tf.Scalar, logit: number): { value: number; slope: number } {
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => loss(x))(tf.tensor1d([logit]));
  // Plus 0: no negative zeros.
  return { value: value.dataSync()[0]! + 0, slope: grad.dataSync()[0]! + 0 };
}

const LOGITS = [-30, -4, -0.5, 0, 0.3, 5, 14];

describe.each<LossName>(['bce', 'bce-clamped', 'non-saturating'])('%s', (name) => {
  test('is the cross-entropy, and its slope is p - wanted', () => {
    for (const logit of LOGITS) {
      const p = 1 / (1 + Math.exp(-logit));
      const real = at(losses[name].real, logit);
      expect(real.value).toBeCloseTo(Math.log1p(Math.exp(-logit)), 3);
      const fake = at(losses[name].fake, logit);
      expect(Math.abs(fake.value - Math.log1p(Math.exp(logit)))).toBeLessThan(0.05);
      // Below p = 1e-12 the clamped one, as PyTorch's, loses its slope.
      if (logit > -20) {
        expect(real.slope).toBeCloseTo(p - 1, 5);
        expect(fake.slope).toBeCloseTo(p, 5);
      }
      expect(at(losses[name].generator, logit)).toEqual(real);
    }
  });
});

test('a D that is sure that everything is real has loss 100 on fakes and no slope; on logits it would have one', () => {
  expect(at(losses['bce-clamped'].fake, 40)).toEqual({ value: 100, slope: 0 });
  expect(at(losses['bce-clamped'].generator, 40)).toEqual({ value: 0, slope: 0 });
  expect(at(losses.bce.fake, 40)).toEqual({ value: 40, slope: 1 });
});

test('hinge: no slope beyond the margin', () => {
  expect(at(losses.hinge.real, 1.5)).toEqual({ value: 0, slope: 0 });
  expect(at(losses.hinge.real, 0.5)).toEqual({ value: 0.5, slope: -1 });
  expect(at(losses.hinge.fake, 0.5)).toEqual({ value: 1.5, slope: 1 });
  expect(at(losses.hinge.generator, 0.5)).toEqual({ value: -0.5, slope: -1 });
});

test('losses are means over the batch', () => {
  for (const { real, fake, generator } of Object.values(losses)) {
    for (const loss of [real, fake, generator]) {
      const [once, twice] = [[0.7], [0.7, 0.7]].map((logits) => loss(tf.tensor1d(logits)).dataSync()[0]!);
      expect(once).toBeCloseTo(twice!, 6);
    }
  }
});
