import { NormalStream } from '@latent-dogs/latent';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
// Registers the gradients.
import '@latent-dogs/tfjs-onnx';
import { expect, test } from 'vitest';
import { doubleNearest } from './generator.ts';

const [N, H, W, I, O] = [2, 3, 5, 4, 3];

/** y [N, 2H, 2W, O] by the definition: pixels doubled, then a 3x3 convolution with zeros around. */
function byDefinition(x: Float32Array, filter: Float32Array): Float32Array {
  const y = new Float32Array(N * 2 * H * 2 * W * O);
  forEachProduct((xAt, filterAt, yAt) => {
    y[yAt]! += x[xAt]! * filter[filterAt]!;
  });
  return y;
}

function forEachProduct(visit: (x: number, filter: number, y: number) => void): void {
  for (let n = 0; n < N; n++)
    for (let row = 0; row < 2 * H; row++)
      for (let column = 0; column < 2 * W; column++)
        for (let tap = 0; tap < 9; tap++) {
          const [fromRow, fromColumn] = [row + Math.floor(tap / 3) - 1, column + (tap % 3) - 1];
          if (fromRow < 0 || fromColumn < 0 || fromRow >= 2 * H || fromColumn >= 2 * W) continue;
          const pixel = (n * H + (fromRow >> 1)) * W + (fromColumn >> 1);
          for (let i = 0; i < I; i++)
            for (let o = 0; o < O; o++)
              visit(pixel * I + i, (tap * I + i) * O + o, ((n * 2 * H + row) * 2 * W + column) * O + o);
        }
}

test('nearest-neighbour doubling equals a 3x3 convolution of doubled pixels, gradients included', async () => {
  await tf.setBackend('cpu');
  const normals = new NormalStream(5);
  const [x, filter, dy] = [N * H * W * I, 9 * I * O, N * 4 * H * W * O].map((length) =>
    normals.fill(new Float32Array(length)),
  ) as [Float32Array, Float32Array, Float32Array];
  const tensors = [tf.tensor4d(x, [N, H, W, I]), tf.tensor4d(filter, [3, 3, I, O])] as const;
  const { value, grads } = tf.valueAndGrads((pictures, taps) =>
    tf.sum(tf.mul(doubleNearest(pictures as tf.Tensor4D, taps as tf.Tensor4D), tf.tensor4d(dy, [N, 2 * H, 2 * W, O]))),
  )([...tensors]);

  const y = byDefinition(x, filter);
  const actual = doubleNearest(...tensors).dataSync();
  y.forEach((expected, i) => {
    expect(actual[i]).toBeCloseTo(expected, 4);
  });
  expect(value.dataSync()[0]).toBeCloseTo(
    y.reduce((sum, pixel, i) => sum + pixel * dy[i]!, 0),
    2,
  );
  const expected = [new Float32Array(x.length), new Float32Array(filter.length)] as const;
  forEachProduct((xAt, filterAt, yAt) => {
    expected[0][xAt]! += filter[filterAt]! * dy[yAt]!;
    expected[1][filterAt]! += x[xAt]! * dy[yAt]!;
  });
  expected.forEach((gradient, k) => {
    const data = grads[k]!.dataSync();
    gradient.forEach((slope, i) => {
      expect(data[i]).toBeCloseTo(slope, 3);
    });
  });
});
