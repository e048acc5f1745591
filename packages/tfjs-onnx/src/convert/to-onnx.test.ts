// @module-tag slow

import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import protobuf from 'onnx-proto';
import * as runtime from 'onnxruntime-node';
import { beforeEach, describe, expect, test } from 'vitest';
import { TraceError, toOnnx, verify } from '../index.ts';
import { drawChain } from '../testing/draw-trace.ts';

beforeEach(() => void tf.setBackend('cpu'));

const decode = (file: Uint8Array) => protobuf.onnx.ModelProto.decode(file);
const operators = (file: Uint8Array) => decode(file).graph!.node!.map(({ opType }) => opType);
const shapesOf = (file: Uint8Array) =>
  Object.fromEntries(
    [...decode(file).graph!.input!, ...decode(file).graph!.output!].map(({ name, type }) => [
      name,
      type!.tensorType!.shape!.dim!.map(({ dimParam, dimValue }) => dimParam || Number(dimValue)),
    ]),
  );

type Layers = typeof tfl.layers;
type Layer = ReturnType<Layers['flatten']>;
const sequential = (...all: object[]) => tfl.sequential({ layers: all as Layer[] });
const { layers } = tfl;

const classifier = () =>
  sequential(
    layers.dense({ units: 8, activation: 'relu', biasInitializer: 'randomNormal', inputShape: [6] }),
    layers.dense({ units: 3, activation: 'softmax', biasInitializer: 'randomNormal' }),
  );

const LeNet = () =>
  sequential(
    layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [12, 12, 2] }),
    layers.batchNormalization(),
    layers.activation({ activation: 'relu6' }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dropout({ rate: 0.5 }),
    layers.dense({ units: 3 }),
  );

test('batch norms and biases go into the convolutions, and Relu6 is one Clip', () => {
  expect(operators(toOnnx(LeNet()))).toEqual([
    ...['Transpose', 'Conv', 'Clip', 'MaxPool', 'Transpose', 'Reshape', 'Gemm'],
  ]);
});

test('the picture of a trace in the README is up to date (vitest -u draws it)', async () => {
  const model = sequential(
    layers.conv2d({ filters: 16, kernelSize: 3, inputShape: [28, 28, 1], name: 'conv2d' }),
    layers.batchNormalization({ name: 'batchNormalization' }),
    layers.activation({ activation: 'relu6', name: 'relu6' }),
    layers.maxPooling2d({ poolSize: 2, name: 'maxPooling2d' }),
    layers.flatten({ name: 'flatten' }),
    layers.dense({ units: 10, name: 'dense' }),
  );
  await expect(drawChain(toOnnx(model))).toMatchFileSnapshot('../../docs/trace.svg');
});

test('nodes are named after layers, weights after weights', () => {
  const model = classifier();
  const { graph } = decode(toOnnx(model));
  for (const { name } of graph!.node!)
    expect(model.layers.some((layer) => name!.startsWith(`${layer.name}/`))).toBe(true);
  expect(graph!.initializer!.map(({ name }) => name).sort()).toEqual(
    expect.arrayContaining(model.weights.map((weight) => weight.name).sort()),
  );
});

test('convolutions take pictures of any size, also where "same" pads by their size', async () => {
  const model = sequential(
    layers.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', inputShape: [null, null, 2] }),
    layers.conv2d({ filters: 2, kernelSize: 3, padding: 'same', activation: 'relu' }),
  );
  const file = toOnnx(model);
  const [input] = model.inputNames as [string];
  expect(shapesOf(file)[input]).toEqual(['N', 'height', 'width', 2]);
  for (const [height, width] of [
    [8, 9],
    [15, 6],
    [1, 2],
  ])
    expect(
      (await verify(model, file, runtime, { [input]: { shape: [2, height!, width!, 2] } })).relativeError,
    ).toBeLessThan(1e-5);
});

test('null is an axis of any size, as in the shapes of models', () => {
  const file = toOnnx(({ x }) => ({ y: tf.neg(x!) }), { inputs: { x: { shape: [null, 3] } } });
  expect(shapesOf(file)).toEqual({ x: ['N', 3], y: ['N', 3] });
});

test('functions, with several free axes, whole-number arithmetic on sizes, and value shapes in the file', async () => {
  const inputs = { x: { shape: ['N', 'T', 4] } };
  const fn = ({ x }: Record<string, tf.Tensor>) => {
    const [N, T] = x!.shape as [number, number, number];
    const padded = tf.concat([x!, tf.ones([N, 1, 4])], 1);
    return { rows: tf.reshape(padded, [N * (T + 1), 4]), last: tf.slice(x!, [0, T - 1, 0], [N, 1, 4]) };
  };
  const file = toOnnx(fn, { inputs });
  expect(shapesOf(file)).toMatchObject({ x: ['N', 'T', 4], last: ['N', 1, 4] });
  for (const shape of [
    [2, 5, 4],
    [1, 1, 4],
  ])
    expect((await verify(fn, file, runtime, { x: { shape } })).relativeError).toBeLessThan(1e-6);
  expect(decode(file).graph!.valueInfo!.length).toBeGreaterThan(0);
});

test('float16 weights halve the file, and change the results little', async () => {
  const model = sequential(layers.dense({ units: 200, inputShape: [100] }));
  const [full, half] = [toOnnx(model), toOnnx(model, { weights: 'fp16', metadata: { licence: 'MIT' } })];
  expect(half.length).toBeLessThan(0.55 * full.length);
  expect(decode(half).metadataProps).toMatchObject([{ key: 'licence', value: 'MIT' }]);
  expect((await verify(model, half, runtime)).relativeError).toBeLessThan(1e-2);
});

test('what depends on constants alone is computed at once, also by kernels that ONNX lacks', () => {
  const file = toOnnx(({ x }) => ({ y: tf.add(x!, tf.cast(tf.unique(tf.tensor1d([3, 3, 5])).values, 'float32')) }), {
    inputs: { x: { shape: [2] } },
  });
  expect(operators(file)).toEqual(['Add']);
});

describe('refused', () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      'a kernel without a form in ONNX, by its name and line',
      () => toOnnx(({ x }) => ({ y: tf.unique(x!).values }), { inputs: { x: { shape: [4] } } }),
      /kernel 'Unique' has no lowering to ONNX; it was called at .*to-onnx\.test\.ts:\d+/,
    ],
    [
      'a list instead of an object',
      () => toOnnx((({ x }: never) => x) as never, { inputs: { x: { shape: [4] } } }),
      /returned a tensor; legal: an object of tensors by name/,
    ],
    [
      'an input that the model does not have',
      () => toOnnx(classifier(), { inputs: { pixels: { shape: [1, 6] } } }),
      /the model has no input 'pixels'; legal: \S+/,
    ],
    ['something else', () => toOnnx({} as never), /not a model/],
    [
      'a function without inputs',
      () => toOnnx(({ x }) => ({ y: x! })),
      /a function needs its inputs; legal: .*inputs: \{/,
    ],
    [
      'an input without a shape',
      () => toOnnx(({ x }) => ({ y: x! }), { inputs: { x: [1, 2] as never } }),
      /input 'x' has no shape; legal: \{ shape: /,
    ],
    ['a function that returns nothing', () => toOnnx((() => {}) as never), /returned nothing; legal: an object/],
    [
      'vectors that are multiplied as matrices',
      () =>
        toOnnx(({ x }) => ({ y: tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D) }), { inputs: { x: { shape: [3] } } }),
      /kernel 'BatchMatMul' at .*: \[3\] · \[3\] is no product of matrices/,
    ],
    [
      'an index that is known to lie outside',
      () => toOnnx(({ x }) => ({ y: tf.gather(x!, [0, -1]) }), { inputs: { x: { shape: [3] } } }),
      /kernel 'GatherV2' at .*: the index -1 is not in \[0, 2\]/,
    ],
    [
      'a sum of booleans, which TF.js makes 2',
      () => toOnnx(({ x }) => ({ y: tf.add(x!, x!) }), { inputs: { x: { shape: [3], dtype: 'bool' } } }),
      /kernel 'Add' at .*: it takes no booleans; cast them/,
    ],
    [
      'a layer that goes on from the batch before',
      () =>
        toOnnx(
          sequential(
            layers.simpleRNN({
              units: 2,
              recurrentInitializer: 'zeros',
              stateful: true,
              batchInputShape: [1, 3, 2],
              name: 'kept',
            }),
          ),
        ),
      /layer 'kept' is stateful/,
    ],
    [
      'a size that numbers follow in another way',
      () => toOnnx(({ x }) => ({ y: tf.div(x!, x!.shape[0]!) }), { inputs: { x: { shape: ['N', 2] } } }),
      /'Div' depends on the batch size: .*so give that axis a size/,
    ],
  ])('%s', (_, convert, message) => {
    expect(convert).toThrow(TraceError);
    expect(convert).toThrow(message);
  });
});
