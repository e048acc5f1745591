// @module-tag slow

import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import protobuf from 'onnx-proto';
import * as runtime from 'onnxruntime-node';
import { beforeEach, describe, expect, test } from 'vitest';
import { TraceError, toOnnx, verify } from '../index.ts';
import { checkModels, hasOnnxChecker } from '../testing/onnx-checker.ts';

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
/** The default one needs methods of tensors that tfjs-core alone does not have. */
const recurrentInitializer = 'glorotUniform';

/** Architectures with random weights, as tf.layers makes them. */
const architectures: Record<string, () => tfl.LayersModel> = {
  'dense classifier': () =>
    sequential(
      layers.dense({ units: 8, activation: 'relu', biasInitializer: 'randomNormal', inputShape: [6] }),
      layers.dense({ units: 3, activation: 'softmax', biasInitializer: 'randomNormal' }),
    ),
  'LeNet with batch norm': () =>
    sequential(
      layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [12, 12, 2] }),
      layers.batchNormalization(),
      layers.activation({ activation: 'relu6' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 3 }),
    ),
  'MobileNet block': () => {
    const input = tfl.input({ shape: [9, 9, 3] });
    const expanded = layers.conv2d({ filters: 6, kernelSize: 1 }).apply(input);
    const filtered = layers
      .depthwiseConv2d({ kernelSize: 3, strides: 2, padding: 'same' })
      .apply(layers.reLU({ maxValue: 6 }).apply(expanded));
    const projected = layers.conv2d({ filters: 4, kernelSize: 1 }).apply(layers.batchNormalization().apply(filtered));
    return tfl.model({ inputs: input, outputs: projected as tfl.SymbolicTensor });
  },
  'separable convolution': () =>
    sequential(layers.separableConv2d({ filters: 5, kernelSize: 3, depthMultiplier: 2, inputShape: [8, 8, 3] })),
  'ResNet block': () => {
    const input = tfl.input({ shape: [8, 8, 4] });
    const convolved = layers
      .batchNormalization()
      .apply(layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }).apply(input));
    const sum = layers.add().apply([input, convolved as tfl.SymbolicTensor]);
    return tfl.model({
      inputs: input,
      outputs: layers.activation({ activation: 'relu' }).apply(sum) as tfl.SymbolicTensor,
    });
  },
  'U-Net': () => {
    const input = tfl.input({ shape: [8, 8, 2] });
    const down = layers
      .conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'elu' })
      .apply(input);
    const up = layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' }).apply(down);
    const larger = layers.upSampling2d({ size: [2, 2] }).apply(down);
    const all = layers.concatenate().apply([input, up, larger] as tfl.SymbolicTensor[]);
    return tfl.model({
      inputs: input,
      outputs: layers.conv2d({ filters: 1, kernelSize: 1 }).apply(all) as tfl.SymbolicTensor,
    });
  },
  LSTM: () =>
    sequential(layers.lstm({ units: 5, recurrentInitializer, inputShape: [6, 3] }), layers.dense({ units: 2 })),
  GRU: () => sequential(layers.gru({ units: 5, recurrentInitializer, returnSequences: true, inputShape: [6, 3] })),
  'simple RNN': () => sequential(layers.simpleRNN({ units: 4, recurrentInitializer, inputShape: [5, 3] })),
  'bidirectional LSTM': () =>
    sequential(
      layers.bidirectional({
        layer: layers.lstm({ units: 3, recurrentInitializer, returnSequences: true }) as never,
        mergeMode: 'concat',
        inputShape: [4, 2],
      }),
    ),
  embedding: () =>
    sequential(
      layers.embedding({ inputDim: 20, outputDim: 4, inputLength: 6 }),
      layers.lstm({ units: 3, recurrentInitializer }),
    ),
  'layer normalisation': () => sequential(layers.layerNormalization({ inputShape: [5, 6] })),
  'volume convolution': () =>
    sequential(
      layers.conv3d({ filters: 3, kernelSize: 2, inputShape: [5, 5, 5, 2] }),
      layers.maxPooling3d({ poolSize: 2 as never }),
    ),
  'repeated vector': () =>
    sequential(
      layers.repeatVector({ n: 4, inputShape: [3] }),
      layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
    ),
  'one-dimensional convolution': () =>
    sequential(
      layers.conv1d({ filters: 3, kernelSize: 3, dilationRate: 2, inputShape: [12, 2] }),
      layers.globalAveragePooling1d(),
    ),
  activations: () =>
    sequential(
      layers.prelu({ inputShape: [7] }),
      layers.leakyReLU({ alpha: 0.3 }),
      layers.thresholdedReLU({ theta: 0.2 }),
      layers.activation({ activation: 'gelu' }),
      layers.activation({ activation: 'mish' }),
      layers.softmax({}),
    ),
  shapes: () =>
    sequential(
      layers.zeroPadding2d({ padding: 1, inputShape: [4, 5, 3] }),
      layers.cropping2D({
        cropping: [
          [1, 0],
          [0, 1],
        ],
      }),
      layers.permute({ dims: [3, 1, 2] }),
      layers.reshape({ targetShape: [3, -1] }),
    ),
  'several inputs and outputs': () => {
    const [a, b] = [tfl.input({ shape: [4], name: 'left' }), tfl.input({ shape: [4], name: 'right' })];
    const product = layers.multiply().apply([a, b]) as tfl.SymbolicTensor;
    const cosine = layers.dot({ axes: 1, normalize: true }).apply([a, b]) as tfl.SymbolicTensor;
    return tfl.model({ inputs: [a, b], outputs: [product, cosine] });
  },
};

describe('architectures of tf.layers, with any batch', () => {
  const files = new Map<string, Uint8Array>();

  test.each(Object.entries(architectures))('%s', async (name, build) => {
    const model = build();
    const file = toOnnx(model);
    files.set(name, file);
    for (const N of [1, 3]) {
      const inputs = Object.fromEntries(
        model.inputNames.map((input, i) => [input, { shape: [N, ...(model.inputs[i]!.shape.slice(1) as number[])] }]),
      );
      expect((await verify(model, file, runtime, inputs)).relativeError).toBeLessThan(1e-5);
    }
    for (const input of model.inputNames) expect(shapesOf(file)[input]![0]).toBe('N');
  });

  test.skipIf(!hasOnnxChecker)("ONNX's checker accepts them (needs Debian's python3-onnx)", () => {
    expect(files.size).toBeGreaterThan(0);
    expect(checkModels(files)).toEqual([]);
  });
});

test('batch norms and biases go into the convolutions, and Relu6 is one Clip', () => {
  expect(operators(toOnnx(architectures['LeNet with batch norm']!()))).toEqual([
    ...['Transpose', 'Conv', 'Clip', 'MaxPool', 'Transpose', 'Reshape', 'Gemm'],
  ]);
});

test('nodes are named after layers, weights after weights', () => {
  const model = architectures['dense classifier']!();
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
      () => toOnnx(architectures['dense classifier']!(), { inputs: { pixels: { shape: [1, 6] } } }),
      /the model has no input 'pixels'; legal: \S+/,
    ],
    ['something else', () => toOnnx({} as never), /not a model/],
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
