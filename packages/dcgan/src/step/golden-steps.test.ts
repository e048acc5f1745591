/** Whole training steps against PyTorch: see golden-steps.py. */
import type { ConvolutionLowering } from '@latent-dogs/tfjs-onnx';
import { describe, expect, test } from 'vitest';
import { adamSteps, clampedCrossEntropy, digest, golden, runSteps, scaleOf } from './golden-steps.fixture.ts';

/**
 * Largest errors allowed, in units of a tensor's root mean square. Golden values are float64, the step is float32: its
 * numbers are exact to 6e-8, and sums of up to 25,000 products lose one or two digits more.
 */
const TOLERANCE = {
  /** In units of the larger of 1 and the value: losses are sums of numbers near 1. */
  output: 3e-5,
  /** Gradients, and the results of Adam. */
  gradient: 4e-4,
  /** Running statistics, moving averages, u and pictures: gradients contribute little. */
  average: 1e-5,
};

/** Numbers near 1 lose half a last digit, 6e-8, in each of the two steps. */
const ROUNDING = 1.2e-7;
/** Rounding error of a gradient that cancels out, such as that of D's last bias in a relativistic loss. */
const CANCELLATION = 4e-8;

function toleranceOf(name: string, scale: number): number {
  if (name.startsWith('adam/v/')) return TOLERANCE.gradient * scale;
  if (name.startsWith('adam/m/')) return TOLERANCE.gradient * scale + CANCELLATION;
  const averaged = name.startsWith('ema/') || /\/(mean|variance|u)$/.test(name);
  return (averaged ? TOLERANCE.average : TOLERANCE.gradient) * scale + ROUNDING;
}

/** Largest difference of two digests. */
function errorOf(name: string, actual: ArrayLike<number>, expected: readonly number[]): number {
  const digested = digest(name, actual);
  return Math.max(...expected.map((value, i) => Math.abs(digested[i]! - value)));
}

describe.each(Object.entries(golden.cases))('%s', (_, expected) => {
  test.each<ConvolutionLowering>(['gemm', 'conv'])(
    'two training steps are those of PyTorch: %s',
    async (convolution) => {
      const { results, pictures } = await runSteps(expected, convolution);
      for (const [i, { outputs, digests }] of expected.steps.entries()) {
        const actual = results[i]!;
        const when = `after step ${i + 1}`;
        expect(Object.keys(actual.outputs).sort()).toEqual(Object.keys(outputs).sort());
        for (const [name, value] of Object.entries(outputs)) {
          const error = Math.abs(actual.outputs[name]! - value) / Math.max(1, Math.abs(value));
          expect(error, `${name} ${when}`).toBeLessThan(TOLERANCE.output);
        }
        expect(Object.keys(actual.tensors).sort()).toEqual(Object.keys(digests).sort());
        for (const [name, values] of Object.entries(digests)) {
          const tensor = actual.tensors[name]!;
          const allowed = toleranceOf(name, scaleOf(values, tensor.length));
          expect(errorOf(name, tensor, values), `${name} ${when}`).toBeLessThanOrEqual(allowed);
        }
      }
      const allowed = TOLERANCE.average * scaleOf(expected.pictures, pictures.length);
      expect(errorOf('pictures', pictures, expected.pictures), 'sampled pictures').toBeLessThan(allowed);
    },
  );
});

test('Adam agrees with PyTorch for gradients of any size, epsilon included', () => {
  const { gradients, parameters } = golden.adam;
  const actual = adamSteps(golden.adam);
  expect(actual).toHaveLength(gradients.length);
  // Relative: the smallest gradients make steps of a tenth of the largest ones.
  for (const [i, expected] of parameters.entries()) {
    for (const [j, value] of expected.entries()) {
      expect(Math.abs(actual[i]![j]! - value), `${gradients[i]![j]} in step ${i + 1}`).toBeLessThan(
        1e-5 * Math.abs(value) + 1e-8,
      );
    }
  }
});

test("clamped cross-entropy agrees with PyTorch's float32 BCELoss, also where its sigmoid rounds to 0 or 1", () => {
  for (const { logit, real, fake } of golden.clampedCrossEntropy) {
    for (const [name, expected] of Object.entries({ real, fake, generator: real })) {
      const [value, slope] = clampedCrossEntropy(name as 'real', logit);
      const at = `${name}, logit ${logit}`;
      // At 8 the last digit of a float32 sigmoid is 2e-4 of 1 - sigmoid. At -60 the slope is 1e-14, and not 0.
      expect(Math.abs(value - expected[0]), `value, ${at}`).toBeLessThan(3e-4 * expected[0] + 1e-7);
      expect(Math.abs(slope - expected[1]), `slope, ${at}`).toBeLessThanOrEqual(3e-4 * Math.abs(expected[1]) + 1e-30);
    }
  }
});
