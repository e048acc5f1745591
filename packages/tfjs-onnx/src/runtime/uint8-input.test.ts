import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as runtime from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { type ConvolutionLowering, compile, type NamedSpecs, NCHW, ProgramState, trace } from '../index.ts';
import { physicalInputs } from '../testing/physical-inputs.ts';
import { Random } from '../testing/random-values.ts';

const SHAPE = [2, 4, 6, 3];
const pixels: NamedSpecs = { x: { shape: SHAPE, dtype: 'uint8' } };
const random = new Random(1);
/** All of 0 to 255 among them. */
const bytes = Uint8Array.from({ length: 144 }, (_, i) => (i < 2 ? 255 * i : random.integer(0, 255)));

type Tensors = Record<string, tf.Tensor>;
const operators = (fn: (inputs: Tensors) => Tensors) => trace(fn, pixels).nodes.map(({ operator }) => operator);
const toFloat = (x: tf.Tensor) => tf.sub(tf.div(tf.cast(x, 'float32'), 127.5), 1);

test('the input of the graph is uint8, and TF.js sees int32', () => {
  let dtype = '';
  const graph = trace(({ x }) => {
    ({ dtype } = x!);
    return { y: tf.cast(x!, 'float32') };
  }, pixels);
  expect(dtype).toBe('int32');
  expect(graph.inputs.map(({ type, shape }) => [type, shape])).toEqual([['uint8', SHAPE]]);
  expect(graph.outputs.get('y')!.type).toBe('float32');
});

test('a cast to float32 is one Cast, and every other use casts to int32 once', () => {
  expect(operators(({ x }) => ({ y: tf.cast(x!, 'float32') }))).toEqual(['Cast']);
  expect(operators(({ x }) => ({ y: x! }))).toEqual(['Cast']);
  expect(operators(({ x }) => ({ y: tf.cast(x!, 'int32') }))).toEqual(['Cast']);
  expect(operators(({ x }) => ({ y: tf.add(x!, x!), z: tf.reshape(x!, [-1]) })).sort()).toEqual([
    'Add',
    'Cast',
    'Reshape',
  ]);
});

const weights = random.values({ shape: [4, 4, 3, 5] });

/** A convolution of the pictures, the gradient of its filter, and whole numbers. */
function network({ x }: Tensors): Tensors {
  const filter = tf.tensor(weights, [4, 4, 3, 5]);
  const y = (filter: tf.Tensor) => tf.conv2d(toFloat(x!) as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same');
  return { y: y(filter), gradient: tf.grad(y)(filter), brightest: tf.max(x!, 3), next: tf.add(x!, 1), same: x! };
}

describe.each<[ConvolutionLowering, string, readonly number[] | undefined]>([
  ['conv', 'row-major', undefined],
  ['gemm', 'row-major', undefined],
  ['conv', 'NCHW', NCHW],
  ['gemm', 'NCHW', NCHW],
])('%s, %s', (convolution, _name, order) => {
  test("gives the values of TF.js's cpu backend on int32", async () => {
    const inputs = { x: { ...pixels['x']!, order } };
    const program = await compile((_state, tensors) => ({ outputs: network(tensors) }), {
      runtime,
      inputs,
      convolution,
    });
    const actual = await program.run(physicalInputs(inputs, { x: bytes }));
    await program.dispose();
    void tf.setBackend('cpu');
    const expected = tf.tidy(() => network({ x: tf.tensor(bytes, SHAPE, 'int32') }));
    for (const [name, tensor] of Object.entries(expected)) {
      const { shape, data } = actual[name]!;
      expect(shape, name).toEqual(tensor.shape);
      const values = tensor.dataSync();
      if (tensor.dtype === 'int32') expect(data, name).toEqual(Int32Array.from(values));
      else for (const [i, value] of values.entries()) expect(data[i], `${name}, ${i}`).toBeCloseTo(value, 4);
    }
  });
});

test.each([
  ['Float32Array of 144 values', new Float32Array(144)],
  ['Int32Array of 144 values', new Int32Array(144)],
  ['Uint8Array of 3 values', new Uint8Array(3)],
])('%s is refused by name', async (given, data) => {
  const program = await compile((_state, { x }) => ({ outputs: { y: tf.cast(x!, 'float32') } }), {
    runtime,
    inputs: pixels,
  });
  const message = `input 'x' is ${given}; legal: Uint8Array of 144 values, for uint8 [2,4,6,3]`;
  await expect(program.run({ x: data })).rejects.toThrow(message);
  await program.dispose();
});

test('state cannot be uint8', () => {
  const create = () => new ProgramState({ w: { shape: [2], dtype: 'uint8' } }, { w: new Float32Array(2) }, { runtime });
  expect(create).toThrow("state 'w' has dtype 'uint8'; legal: float32");
});
