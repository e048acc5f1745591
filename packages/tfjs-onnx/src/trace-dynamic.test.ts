import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import protobuf from 'onnx-proto';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeOnnx, type NamedTensors, NCHW, TraceError, traceDynamic } from './index.ts';
import { difference } from './testing/compare.ts';
import { checkModels, hasOnnxChecker } from './testing/onnx-checker.ts';
import { Random } from './testing/random-values.ts';

const random = new Random(5);
const weights = (...shape: number[]) => tf.tensor(random.values({ shape, range: [-0.3, 0.3] }), shape) as never;

let generator: (inputs: NamedTensors) => NamedTensors;

beforeAll(() => {
  void tf.setBackend('cpu');
  const parameters = {
    dense: weights(6, 4 * 4 * 5),
    up: weights(4, 4, 4, 5),
    last: weights(3, 3, 4, 3),
    bias: weights(4),
  };
  /** Dense, batch norm by fixed numbers, transposed convolution, convolution; pictures, whole-number pixels and a score. */
  generator = ({ z }) => {
    const N = z!.shape[0]!;
    const ground = tf.relu(tf.reshape(tf.matMul(z as tf.Tensor2D, parameters.dense), [N, 4, 4, 5]));
    const up = tf.conv2dTranspose(ground as tf.Tensor4D, parameters.up, [N, 8, 8, 4], 2, 'same');
    const image = tf.tanh(
      tf.conv2d(tf.leakyRelu(tf.add(up, parameters.bias), 0.2) as tf.Tensor4D, parameters.last, 1, 'same'),
    );
    const larger = tf.image.resizeNearestNeighbor(image as tf.Tensor4D, [16, 16]);
    const levels = tf.cast(tf.round(tf.mul(tf.add(larger, 1), 127.5)), 'int32');
    return {
      image,
      pixels: tf.pad(
        levels,
        [
          [0, 0],
          [0, 0],
          [0, 0],
          [0, 1],
        ],
        255,
      ),
      flat: tf.reshape(image, [N, -1]),
      rows: tf.reshape(image, [N * 8, 8 * 3]),
      mean: tf.mean(image, [1, 2, 3]),
    };
  };
});

afterAll(() => tf.disposeVariables());

const spec = (N: number) => ({ z: { shape: [N, 6] } });

test.each([1, 2, 7])('a generator traced for any N agrees with the cpu backend at N = %i', async (N) => {
  const graph = traceDynamic(generator, spec, { outputOrders: { image: NCHW } });
  const session = await InferenceSession.create(encodeOnnx(graph));
  const z = new Random(N).values({ shape: [N, 6] }) as Float32Array;
  const results = await session.run({ z: new Tensor('float32', z, [N, 6]) });
  await session.release();
  tf.tidy(() => {
    const expected = generator({ z: tf.tensor2d(z, [N, 6]) });
    for (const [name, result] of Object.entries(expected)) {
      const tensor = name === 'image' ? tf.transpose(result, [0, 3, 1, 2]) : result;
      const { dims, data } = results[name]!;
      const actual = { shape: dims, data: data as Float32Array };
      // Rounding may fall to the other side; nothing else may differ.
      const values = { shape: tensor.shape, data: tensor.dataSync() as Float32Array };
      if (name === 'pixels') {
        expect(dims).toEqual(tensor.shape);
        expect(values.data.every((value, i) => Math.abs(value - actual.data[i]!) <= 1)).toBe(true);
      } else expect(difference(actual, values, 1e-4)).toBeUndefined();
    }
  });
});

test('inputs and outputs declare the free dimension by name', () => {
  const model = protobuf.onnx.ModelProto.decode(encodeOnnx(traceDynamic(generator, spec, { axes: ['batch'] })));
  const shapes = [...model.graph!.input!, ...model.graph!.output!].map(({ name, type }) => [
    name,
    type!.tensorType!.shape!.dim!.map(({ dimParam, dimValue }) => dimParam || Number(dimValue)),
  ]);
  expect(Object.fromEntries(shapes)).toEqual({
    z: ['batch', 6],
    image: ['batch', 8, 8, 3],
    pixels: ['batch', 16, 16, 4],
    flat: ['batch', 192],
    rows: ['batch*8', 24],
    mean: ['batch'],
  });
});

test.skipIf(!hasOnnxChecker)("ONNX's checker accepts it (needs Debian's python3-onnx)", () => {
  expect(checkModels(new Map([['generator', encodeOnnx(traceDynamic(generator, spec))]]))).toEqual([]);
});

/** Numbers that follow the batch in other places than a Reshape. */
test.each<[string, (z: tf.Tensor, N: number) => tf.Tensor]>([
  ['a broadcast to the batch', (z, N) => tf.concat([z, tf.ones([N, 1])], 1)],
  ['a part of the batch', (z, N) => tf.slice(z, [0, 0], [N - 1, 6])],
  ['two axes of a reshape', (z, N) => tf.reshape(tf.matMul(z, z, false, true), [1, N, N])],
  ['a number for each', (z, N) => tf.add(z, tf.reshape(tf.range(0, N), [N, 1]))],
  ['an index for each', (z, N) => tf.gather(z, tf.range(0, N, 1, 'int32'))],
  ['the same row for each', (z, N) => tf.add(z, tf.tensor(Array.from({ length: N }, () => [1, 2, 3, 4, 5, 6])))],
  [
    'a row of each matrix',
    (z, N) => tf.matMul(tf.reshape(z, [N, 1, 6]), tf.tile(tf.reshape(tf.linspace(0, 1, 6), [1, 6, 1]), [N, 1, 1])),
  ],
  ['repetitions', (z, N) => tf.tile(tf.slice(z, [0, 0], [1, 6]), [2 * N, 1])],
])('%s agrees with the cpu backend at N = 2 and 5', async (_, compute) => {
  const fn = ({ z }: NamedTensors) => ({ y: compute(z!, z!.shape[0]!) });
  const session = await InferenceSession.create(encodeOnnx(traceDynamic(fn, spec)));
  for (const N of [2, 5]) {
    const z = new Random(N).values({ shape: [N, 6] }) as Float32Array;
    const { y } = await session.run({ z: new Tensor('float32', z, [N, 6]) });
    const expected = tf.tidy(() => {
      const { y: wanted } = fn({ z: tf.tensor2d(z, [N, 6]) });
      return { shape: wanted.shape, data: wanted.dataSync() as Float32Array } as never;
    });
    expect(difference({ shape: y!.dims, data: y!.data as Float32Array }, expected, 1e-5)).toBeUndefined();
  }
  await session.release();
});

describe('what depends on the batch in another way is refused by the name of its operator', () => {
  const message = (fn: (inputs: NamedTensors) => NamedTensors): string => {
    try {
      traceDynamic(fn, spec);
    } catch (error) {
      expect(error).toBeInstanceOf(TraceError);
      return (error as Error).message;
    }
    throw new Error('it was traced');
  };

  test.each<[string, (z: tf.Tensor, N: number) => tf.Tensor, RegExp]>([
    ['a factor', (z, N) => tf.div(z, N), /'Div' .* its input 1 is \[29\] for N = 29 and \[31\]/],
    [
      'a constant for each',
      (z, N) =>
        tf.add(
          z,
          tf.tensor(
            Array.from({ length: N }, (_, i) => i * i),
            [N, 1],
          ),
        ),
      /'Add' .* of 29 values .* of 31 values/,
    ],
    [
      'another number of operations',
      (z, N) => (N < 30 ? tf.neg(z) : tf.tanh(tf.neg(z))),
      /the number of ONNX operators depends on the batch size: 1 for N = 29, 2 for N = 31/,
    ],
    [
      'another operation',
      (z, N) => (N < 30 ? tf.neg(z) : tf.tanh(z)),
      /operator 'Neg' .* it is 'Neg' for N = 29 and 'Tanh'/,
    ],
    ['an attribute', (z, N) => tf.leakyRelu(z, 1 / N), /'LeakyRelu' .* attributes/],
    ['an output that is a constant', (_z, N) => tf.tensor1d([N]), /output 'y' is a different value/],
  ])('%s', (_name, compute, expected) => {
    expect(message(({ z }) => ({ y: compute(z!, z!.shape[0]!) }))).toMatch(expected);
  });
});
