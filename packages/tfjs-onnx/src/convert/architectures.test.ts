// @module-tag slow

import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as runtime from 'onnxruntime-node';
import { beforeEach, describe, expect, test } from 'vitest';
import { toOnnx } from '../index.ts';
import { checkModels, hasOnnxChecker } from '../testing/onnx-checker.ts';
import { difference } from './verify.ts';

beforeEach(() => void tf.setBackend('cpu'));

type Symbolic = tfl.SymbolicTensor;
type AnyLayer = ReturnType<typeof tfl.layers.flatten>;
const { layers } = tfl;

const sequential = (...all: object[]): tfl.LayersModel => tfl.sequential({ layers: all as AnyLayer[] });

/** A model of one input and one output. */
function functional(shape: number[], build: (input: Symbolic) => unknown): tfl.LayersModel {
  const input = tfl.input({ shape });
  return tfl.model({ inputs: input, outputs: build(input) as Symbolic });
}

const through = (input: unknown, ...all: object[]): Symbolic =>
  (all as AnyLayer[]).reduce((value, layer) => layer.apply(value) as Symbolic, input as Symbolic);

/** A layer of one's own, which calls TF.js's operations. */
function custom(compute: (x: tf.Tensor) => tf.Tensor): AnyLayer {
  class Custom extends tfl.layers.Layer {
    static className = 'Custom';
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return compute(Array.isArray(inputs) ? inputs[0]! : inputs);
    }
  }
  return new Custom({}) as unknown as AnyLayer;
}

/** TF.js's default, the orthogonal one, needs methods of tensors that tfjs-core alone does not have. */
const recurrentInitializer = 'glorotUniform';

const residual = (norm: () => object[]) =>
  functional([8, 8, 3], (input) => {
    const conv = (filters: number, strides = 1) =>
      layers.conv2d({ filters, kernelSize: 3, strides, padding: 'same', useBias: norm().length === 0 });
    const block = (x: Symbolic, filters: number, strides: number) => {
      const relu = () => layers.activation({ activation: 'relu' });
      const main = through(x, conv(filters, strides), ...norm(), relu(), conv(filters), ...norm());
      const shortcut = strides === 1 ? x : through(x, layers.conv2d({ filters, kernelSize: 1, strides }), ...norm());
      return through(layers.add().apply([main, shortcut]), relu());
    };
    const body = block(block(through(input, conv(4)), 4, 1), 6, 2);
    return through(body, layers.globalAveragePooling2d({}), layers.dense({ units: 3, activation: 'softmax' }));
  });

/** Softmax(QKᵀ/√d)V, the queries, keys and values being the thirds of the last axis. */
function attention(x: tf.Tensor): tf.Tensor {
  const [q, k, v] = tf.split(x, 3, -1) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const scores = tf.div(tf.matMul(q, k, false, true), Math.sqrt(q.shape[2]!));
  return tf.matMul(tf.softmax(scores), v);
}

const architectures: Record<string, () => tfl.LayersModel> = {
  'multilayer perceptron': () =>
    sequential(layers.dense({ units: 8, activation: 'tanh', inputShape: [6] }), layers.dense({ units: 3 })),
  'ResNet without batch norm': () => residual(() => []),
  'ResNet with batch norm': () => residual(() => [layers.batchNormalization()]),
  'MobileNet (depthwise, inverted residual, ReLU6)': () =>
    functional([9, 9, 3], (input) => {
      const relu6 = () => layers.reLU({ maxValue: 6 });
      const block = (x: Symbolic, filters: number, strides: number) =>
        through(
          x,
          layers.conv2d({ filters: 6 * x.shape[3]!, kernelSize: 1, useBias: false }),
          layers.batchNormalization(),
          relu6(),
          layers.depthwiseConv2d({ kernelSize: 3, strides, padding: 'same', useBias: false }),
          layers.batchNormalization(),
          relu6(),
          layers.conv2d({ filters, kernelSize: 1, useBias: false }),
          layers.batchNormalization(),
        );
      const down = block(input, 4, 2);
      return layers.add().apply([down, block(down, 4, 1)]);
    }),
  'U-Net (transposed convolution, upsampling, concatenation)': () =>
    functional([8, 8, 2], (input) => {
      const down = through(
        input,
        layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'elu' }),
      );
      const up = through(down, layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' }));
      const larger = through(down, layers.upSampling2d({ size: [2, 2] }));
      return through(layers.concatenate().apply([input, up, larger]), layers.conv2d({ filters: 1, kernelSize: 1 }));
    }),
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
  'stacked RNN with its states as outputs': () =>
    functional([4, 3], (input) => {
      const [sequences, ...states] = layers
        .lstm({ units: 3, recurrentInitializer, returnSequences: true, returnState: true })
        .apply(input) as unknown as Symbolic[];
      const summary = through(sequences, layers.gru({ units: 3, recurrentInitializer }));
      return layers.concatenate().apply([summary, ...states]);
    }),
  'embedding, LSTM': () =>
    sequential(
      layers.embedding({ inputDim: 20, outputDim: 4, inputLength: 6 }),
      layers.lstm({ units: 3, recurrentInitializer }),
    ),
  'embedding with maskZero, LSTM': () =>
    sequential(
      layers.embedding({ inputDim: 4, outputDim: 4, inputLength: 6, maskZero: true }),
      layers.lstm({ units: 3, recurrentInitializer }),
    ),
  'global max and average pooling': () =>
    functional([6, 5, 3], (input) =>
      layers
        .concatenate()
        .apply([through(input, layers.globalMaxPooling2d({})), through(input, layers.globalAveragePooling2d({}))]),
    ),
  'max and average pooling, "same"': () =>
    functional([7, 7, 2], (input) =>
      layers
        .concatenate()
        .apply([
          through(input, layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' })),
          through(input, layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' })),
        ]),
    ),
  PReLU: () => sequential(layers.prelu({ inputShape: [4, 4, 2] })),
  'PReLU with shared axes': () => sequential(layers.prelu({ sharedAxes: [1, 2], inputShape: [4, 4, 2] })),
  'LeakyReLU, ELU, thresholded ReLU, softmax': () =>
    sequential(
      layers.leakyReLU({ alpha: 0.3, inputShape: [7] }),
      layers.elu(),
      layers.thresholdedReLU({ theta: 0.2 }),
      layers.softmax({}),
    ),
  'softplus, swish, gelu, mish, selu, hardSigmoid, softsign, logSoftmax': () =>
    sequential(
      layers.dense({ units: 5, activation: 'softplus', inputShape: [5] }),
      ...(['swish', 'gelu', 'gelu_new', 'mish', 'selu', 'hardSigmoid', 'softsign', 'logSoftmax'] as never[]).map(
        (activation) => layers.dense({ units: 5, activation }),
      ),
    ),
  'one-dimensional convolution and pooling': () =>
    sequential(
      layers.conv1d({ filters: 4, kernelSize: 3, strides: 2, inputShape: [17, 2], activation: 'relu' }),
      layers.maxPooling1d({ poolSize: 2 }),
      layers.averagePooling1d({ poolSize: 2 }),
      layers.globalMaxPooling1d(),
    ),
  'dilated convolution': () =>
    sequential(
      layers.conv2d({ filters: 3, kernelSize: 3, dilationRate: 2, padding: 'same', inputShape: [9, 9, 2] }),
      layers.conv2d({ filters: 2, kernelSize: 3, dilationRate: [1, 2] }),
    ),
  'separable convolution': () =>
    sequential(layers.separableConv2d({ filters: 5, kernelSize: 3, depthMultiplier: 2, inputShape: [8, 8, 3] })),
  'depthwise convolution with a multiplier': () =>
    sequential(layers.depthwiseConv2d({ kernelSize: [3, 2], depthMultiplier: 3, inputShape: [7, 6, 2] })),
  'three-dimensional convolution, transposed too': () =>
    sequential(
      layers.conv3d({ filters: 3, kernelSize: 2, strides: 2, padding: 'same', inputShape: [5, 4, 5, 2] }),
      layers.conv3dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' }),
    ),
  'three-dimensional max and average pooling': () =>
    sequential(
      layers.maxPooling3d({ poolSize: 2 as never, strides: [1, 1, 1], inputShape: [5, 5, 5, 2] }),
      layers.averagePooling3d({ poolSize: 2 as never }),
    ),
  'batch normalisation of a vector and of a picture': () =>
    sequential(
      layers.batchNormalization({ inputShape: [4, 4, 3] }),
      layers.batchNormalization({ scale: false, epsilon: 0.01 }),
      layers.flatten(),
      layers.batchNormalization({ center: false }),
    ),
  'layer normalisation': () =>
    sequential(
      layers.layerNormalization({ inputShape: [5, 6] }),
      layers.dense({ units: 4 }),
      layers.layerNormalization({ axis: [1, 2] }),
    ),
  'time-distributed dense layer and convolution': () =>
    sequential(
      layers.timeDistributed({ layer: layers.conv2d({ filters: 2, kernelSize: 2 }), inputShape: [3, 4, 4, 1] }),
      layers.timeDistributed({ layer: layers.flatten() }),
      layers.timeDistributed({ layer: layers.dense({ units: 2 }) }),
    ),
  'bilinear and nearest upsampling': () =>
    sequential(
      layers.upSampling2d({ size: [2, 3], interpolation: 'bilinear', inputShape: [4, 3, 2] }),
      layers.upSampling2d({ size: [2, 1], interpolation: 'nearest' }),
    ),
  'zero padding and cropping': () =>
    sequential(
      layers.zeroPadding2d({ padding: [1, 2], inputShape: [4, 5, 3] }),
      layers.cropping2D({
        cropping: [
          [1, 0],
          [0, 2],
        ],
      }),
    ),
  'reshape, permute, repeatVector': () =>
    sequential(
      layers.permute({ dims: [2, 1], inputShape: [3, 4] }),
      layers.reshape({ targetShape: [-1] }),
      layers.repeatVector({ n: 3 }),
      layers.reshape({ targetShape: [6, -1] }),
    ),
  'dot, multiply, maximum, minimum, average': () => {
    const inputs = ['left', 'right'].map((name) => tfl.input({ shape: [4], name }));
    const merged = [
      layers.multiply(),
      layers.maximum(),
      layers.minimum(),
      layers.average(),
      layers.dot({ axes: 1, normalize: true }),
    ].map((layer) => (layer as unknown as AnyLayer).apply(inputs) as Symbolic);
    return tfl.model({ inputs, outputs: merged });
  },
  'dropout and noise, at inference': () =>
    sequential(
      layers.gaussianNoise({ stddev: 1, inputShape: [4, 3] }),
      layers.spatialDropout1d({ rate: 0.5 }),
      layers.gaussianDropout({ rate: 0.5 }),
      layers.alphaDropout({ rate: 0.5 }),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 2 }),
    ),
  'masking, LSTM': () =>
    sequential(layers.masking({ maskValue: 0, inputShape: [5, 2] }), layers.lstm({ units: 3, recurrentInitializer })),
  'attention by operations of TF.js': () =>
    sequential(layers.dense({ units: 12, inputShape: [5, 4] }), custom(attention)),
  'GELU by erf': () =>
    sequential(
      layers.dense({ units: 4, inputShape: [4] }),
      custom((x) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2))))),
    ),
  'causal mask by tf.linalg.bandPart': () =>
    sequential(
      layers.dense({ units: 5, inputShape: [5, 3] }),
      custom((x) => tf.linalg.bandPart(x, -1, 0)),
    ),
  'convolutional LSTM': () =>
    sequential(
      layers.convLstm2d({ filters: 2, kernelSize: 2, recurrentInitializer, inputShape: [3, 4, 4, 2] } as never),
    ),
  'rescaling, centre crop': () =>
    sequential(
      layers.rescaling({ scale: 1 / 255, offset: -0.5, inputShape: [6, 6, 3] }),
      layers.centerCrop({ height: 4, width: 4 }),
    ),
  'shared layer, applied twice': () => {
    const inputs = ['left', 'right'].map((name) => tfl.input({ shape: [4], name }));
    const tower = layers.dense({ units: 3, activation: 'relu' });
    const [a, b] = inputs.map((input) => tower.apply(input) as Symbolic);
    return tfl.model({ inputs, outputs: layers.multiply().apply([a!, b!]) as Symbolic });
  },
  'model inside a model': () => {
    const inner = functional([3], (x) => through(x, layers.dense({ units: 4, activation: 'tanh' })));
    return sequential(layers.dense({ units: 3, inputShape: [2] }), inner, layers.dense({ units: 2 }));
  },
};

/** What tf.layers itself cannot do, and how it says so. */
const unsupported: Record<string, { build: () => tfl.LayersModel; message: string }> = {
  'causal one-dimensional convolution': {
    build: () => sequential(layers.conv1d({ filters: 2, kernelSize: 3, padding: 'causal', inputShape: [8, 2] })),
    message: 'The support for CAUSAL padding mode in conv1dWithBias is not implemented yet.',
  },
  resizing: {
    build: () => sequential(layers.resizing({ height: 8, width: 8, inputShape: [4, 4, 2] }), layers.flatten()),
    message: 'Error in resizeBilinear: x must be rank 3 or 4, but got rank 1.',
  },
};

/** Every weight drawn anew, so that biases and moving averages count too. Variances are positive. */
function randomise(model: tfl.LayersModel): void {
  model.setWeights(
    model.weights.map(({ name, shape }, seed) => {
      const least = /variance|gamma/.test(name) ? 0.5 : -0.7;
      return tf.randomUniform(shape as number[], least, least + 1.4, 'float32', seed + 1);
    }),
  );
}

/** Random inputs of a batch of N. Whole numbers for embeddings, and zero steps for masks. */
function batchOf(model: tfl.LayersModel, N: number): tf.Tensor[] {
  return model.inputs.map(({ shape }, i) => {
    const sizes = [N, ...(shape.slice(1) as number[])];
    const { layers: all } = model;
    if (all.some((layer) => layer.getClassName() === 'Embedding'))
      return tf.cast(tf.randomUniformInt(sizes, 0, 4, 5), 'float32');
    const values = tf.randomNormal(sizes, 0, 1, 'float32', 10 * i + N);
    if (!all.some((layer) => layer.getClassName() === 'Masking')) return values;
    const kept = tf.randomUniformInt([N, sizes[1]!, 1], 0, 2, 3);
    return tf.mul(values, tf.cast(kept, 'float32'));
  });
}

const listed = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

const files = new Map<string, Uint8Array>();

describe('agree with model.predict, whatever the batch', () => {
  test.each(Object.entries(architectures))('%s', async (name, build) => {
    const model = build();
    randomise(model);
    const file = toOnnx(model);
    files.set(name, file);
    const session = await runtime.InferenceSession.create(file);
    for (const input of session.inputMetadata as readonly { shape?: readonly unknown[] }[])
      expect(input.shape?.[0]).toBe('N');
    for (const N of [1, 3]) {
      const batch = batchOf(model, N);
      const expected = listed(model.predict(batch) as tf.Tensor | tf.Tensor[]);
      const feeds = batch.map((tensor, i) => [
        session.inputNames[i],
        new runtime.Tensor(Float32Array.from(tensor.dataSync()), tensor.shape),
      ]);
      const results = await session.run(Object.fromEntries(feeds));
      expect(session.outputNames).toHaveLength(expected.length);
      for (const [i, output] of session.outputNames.entries()) {
        expect(results[output]!.dims).toEqual(expected[i]!.shape);
        const { error, range } = difference(results[output]!.data as Float32Array, expected[i]!.dataSync());
        // An output that is one value everywhere could not differ.
        expect(range, output).toBeGreaterThan(N === 1 && expected[i]!.size === 1 ? -1 : 1e-3);
        expect(error / (range || 1), output).toBeLessThan(1e-4);
      }
    }
    await session.release();
  });

  test.skipIf(!hasOnnxChecker)("ONNX's checker accepts them (needs Debian's python3-onnx)", () => {
    expect(files.size).toBeGreaterThan(0);
    expect(checkModels(files)).toEqual([]);
  });
});

describe('TensorFlow.js itself cannot', () => {
  test.each(Object.entries(unsupported))('%s', (_, { build, message }) => {
    expect(() => {
      const model = build();
      model.predict(batchOf(model, 2));
    }).toThrow(message);
  });
});

/** The layers of a model by their class, each once. */
function classesOf(model: tfl.LayersModel): string {
  const inner = (layer: tfl.layers.Layer): string[] => {
    const { layers: parts, layer: wrapped } = layer as unknown as Record<string, never>;
    const below = [
      ...((parts as unknown as tfl.layers.Layer[]) ?? []),
      ...(wrapped ? [wrapped as tfl.layers.Layer] : []),
    ];
    const own = layer.getClassName();
    return [...(/^(InputLayer|Model|Sequential|Functional)$/.test(own) ? [] : [own]), ...below.flatMap(inner)];
  };
  return [...new Set(inner(model as unknown as tfl.layers.Layer))].join(', ');
}

test('ARCHITECTURES.md lists them (vitest -u writes it)', async () => {
  const rows = Object.entries(architectures).map(([name, build]) => `| ${name} | ${classesOf(build())} | agrees |`);
  const failing = Object.entries(unsupported).map(
    ([name, { message }]) => `| ${name} | | TensorFlow.js fails: "${message}" |`,
  );
  await expect(`# Architectures of tf.layers

Written by \`src/convert/architectures.test.ts\`, not by hand. Each model has random weights. It is converted with a free batch, and its file is compared
with \`model.predict\` on batches of 1 and 3: no element differs by more than 1e-4 of the range of the output.

| architecture | layers | result |
|---|---|---|
${[...rows, ...failing].join('\n')}
`).toMatchFileSnapshot('../../ARCHITECTURES.md');
});
