import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
// Registers the gradients.
import '@latent-dogs/tfjs-onnx';
import { beforeAll, describe, expect, test } from 'vitest';
import { type LossName, losses } from './losses.ts';

beforeAll(() => tf.setBackend('cpu').then(() => {}));

type Loss = (logit: tf.Tensor) => tf.Scalar;

/** Loss and gradient of one logit. */
function at(loss: Loss, logit: number): { value: number; slope: number } {
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => loss(x))(tf.tensor1d([logit]));
  // Plus 0: no negative zeros.
  return { value: value.dataSync()[0]! + 0, slope: grad.dataSync()[0]! + 0 };
}

/** The halves of a loss that treats each picture independently: the other side's logit has loss 0. */
function halves(name: LossName): { real: Loss; fake: Loss; generator: Loss } {
  const { discriminator, generator } = losses[name];
  const sure = (logit: number) => tf.tensor1d([logit]);
  return {
    real: (logit) => discriminator(logit, sure(-100)),
    fake: (logit) => discriminator(sure(100), logit),
    generator: (logit) => generator(() => sure(0), logit),
  };
}

const LOGITS = [-30, -4, -0.5, 0, 0.3, 5, 14];

describe.each<LossName>(['non-saturating', 'bce-clamped'])('%s', (name) => {
  test('is the cross-entropy, and its slope is p - wanted', () => {
    const loss = halves(name);
    for (const logit of LOGITS) {
      const p = 1 / (1 + Math.exp(-logit));
      const real = at(loss.real, logit);
      expect(real.value).toBeCloseTo(Math.log1p(Math.exp(-logit)), 3);
      const fake = at(loss.fake, logit);
      expect(Math.abs(fake.value - Math.log1p(Math.exp(logit)))).toBeLessThan(0.05);
      // Below p = 1e-12 the clamped one, as PyTorch's, loses its slope.
      if (logit > -20) {
        expect(real.slope).toBeCloseTo(p - 1, 5);
        expect(fake.slope).toBeCloseTo(p, 5);
      }
      expect(at(loss.generator, logit)).toEqual(real);
    }
  });
});

test('a D certain that everything is real has loss 100 and slope 0 on fakes; on logits it would have a slope', () => {
  expect(at(halves('bce-clamped').fake, 40)).toEqual({ value: 100, slope: 0 });
  expect(at(halves('bce-clamped').generator, 40)).toEqual({ value: 0, slope: 0 });
  expect(at(halves('non-saturating').fake, 40)).toEqual({ value: 40, slope: 1 });
});

test('hinge: no slope beyond the margin', () => {
  const hinge = halves('hinge');
  expect(at(hinge.real, 1.5)).toEqual({ value: 0, slope: 0 });
  expect(at(hinge.real, 0.5)).toEqual({ value: 0.5, slope: -1 });
  expect(at(hinge.fake, 0.5)).toEqual({ value: 1.5, slope: 1 });
  expect(at(hinge.generator, 0.5)).toEqual({ value: -0.5, slope: -1 });
});

test('relativistic: only the difference within a pair counts, and G maximises what D minimises', () => {
  const { discriminator, generator, confidence } = losses.relativistic;
  const pairs = [
    [3, 1],
    [-40, -42],
  ] as const;
  for (const [real, fake] of pairs) {
    const D = at((logit) => discriminator(logit, tf.tensor1d([fake])), real);
    expect(D.value).toBeCloseTo(Math.log1p(Math.exp(-2)), 5);
    expect(D.slope).toBeCloseTo(-1 / (1 + Math.exp(2)), 5);
    const G = at((logit) => generator(() => tf.tensor1d([real]), logit), fake);
    expect(G.value).toBeCloseTo(Math.log1p(Math.exp(2)), 5);
    expect(G.slope).toBeCloseTo(-1 / (1 + Math.exp(-2)), 5);
    const sure = confidence(tf.tensor1d([real]), tf.tensor1d([fake]));
    expect(sure.real.dataSync()[0]! + sure.fake.dataSync()[0]!).toBeCloseTo(1, 6);
    expect(sure.real.dataSync()[0]).toBeCloseTo(1 / (1 + Math.exp(-2)), 5);
  }
});

test('the sign on photos is the mean over the batch; of a relativistic loss, that of the differences', () => {
  const [photos, fakes] = [
    [3, 0.1, -2, 0],
    [4, -1, -5, -0.5],
  ];
  const sign = (name: LossName) => losses[name].signReal(tf.tensor1d(photos!), tf.tensor1d(fakes!)).dataSync()[0];
  for (const name of ['non-saturating', 'bce-clamped', 'hinge'] as const) expect(sign(name)).toBe((1 + 1 - 1 + 0) / 4);
  expect(sign('relativistic')).toBe((-1 + 1 + 1 + 1) / 4);
});

test('losses are means over the batch', () => {
  for (const { discriminator, generator } of Object.values(losses)) {
    const both = (N: number) => {
      const [real, fake] = [tf.fill([N], 0.7), tf.fill([N], -0.2)];
      return [discriminator(real, fake), generator(() => real, fake)].map((loss) => loss.dataSync()[0]!);
    };
    both(2).forEach((loss, i) => {
      expect(loss).toBeCloseTo(both(1)[i]!, 6);
    });
  }
});
