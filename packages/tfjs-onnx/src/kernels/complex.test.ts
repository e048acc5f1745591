import * as tf from '@tensorflow/tfjs-core';
import { example, testLowerings } from '../testing/lowering-cases.ts';
import { float, within } from '../testing/random-values.ts';
import { complexLowerings } from './complex.ts';

const both = (x: tf.Tensor) => [tf.real(x), tf.imag(x)];
const inputs = { a: float(2, 3), b: float(2, 3) };
const complex = (compute: (x: tf.Tensor) => tf.Tensor | readonly tf.Tensor[]) =>
  example(inputs, ({ a, b }) => compute(tf.complex(a, b)), { gradients: [] });

testLowerings(complexLowerings, {
  Complex: [
    complex(both),
    complex((x) => both(tf.reshape(x, [3, 2]))),
    complex((x) => both(tf.concat([x, tf.transpose(x, [0, 1])], 0))),
    complex((x) => both(tf.add(tf.mul(x, x), tf.transpose(tf.transpose(x))))),
  ],
  Real: [complex((x) => tf.real(x))],
  Imag: [complex((x) => tf.imag(x))],
  ComplexAbs: [
    complex((x) => tf.abs(x)),
    // Squares of such numbers are 0.
    example({ a: within(1e-30, 2e-30, 4) }, ({ a }) => tf.mul(tf.abs(tf.complex(a, a)), 1e30), { gradients: [] }),
  ],
  FFT: [
    complex((x) => both(tf.fft(x))),
    example({ x: float(3, 8) }, ({ x }) => both(tf.spectral.rfft(tf.mul(x, tf.range(1, 9)))), { gradients: [] }),
    example({ x: float(10) }, ({ x }) => tf.abs(tf.signal.stft(x as tf.Tensor1D, 4, 2)), { gradients: [] }),
  ],
  IFFT: [
    complex((x) => both(tf.ifft(x))),
    example({ x: float(2, 6) }, ({ x }) => tf.spectral.irfft(tf.spectral.rfft(x)), { gradients: [] }),
  ],
});
