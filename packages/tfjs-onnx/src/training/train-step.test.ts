// @module-tag slow

import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as runtime from 'onnxruntime-node';
import { beforeEach, describe, expect, test } from 'vitest';
import { compile, TraceError, trace, trainStep } from '../index.ts';

beforeEach(() => void tf.setBackend('cpu'));

const glorot = (seed: number) => tfl.initializers.glorotUniform({ seed });

/** Convolutions, a batch norm, pooling, dropout with a seed, dense layers, a regulariser. */
const convolutional = () =>
  tfl.sequential({
    layers: [
      tfl.layers.conv2d({
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        inputShape: [10, 10, 1],
        // The batch norm would take a bias away again: its gradient is rounding errors alone, which Adam makes steps of.
        useBias: false,
        kernelInitializer: glorot(1),
        kernelRegularizer: tfl.regularizers.l2({ l2: 0.01 }),
      }),
      tfl.layers.maxPooling2d({ poolSize: 2 }),
      tfl.layers.conv2d({ filters: 6, kernelSize: 3, useBias: false, kernelInitializer: glorot(2) }),
      tfl.layers.batchNormalization(),
      tfl.layers.activation({ activation: 'relu6' }),
      tfl.layers.flatten(),
      tfl.layers.dropout({ rate: 0.25, seed: 7 }),
      tfl.layers.dense({ units: 5, activation: 'softmax', kernelInitializer: glorot(3) }),
    ],
  });

const pictures = tf.randomUniform([24, 10, 10, 1], 0, 1, 'float32', 4);
const classes = tf.oneHot(
  tf.tensor1d(
    Array.from({ length: 24 }, (_, i) => (i * 7) % 5),
    'int32',
  ),
  5,
  1,
  0,
  'float32',
);

const optimizers = {
  sgd: () => tf.train.sgd(0.05),
  momentum: () => tf.train.momentum(0.05, 0.9),
  nesterov: () => tf.train.momentum(0.05, 0.9, true),
  adagrad: () => tf.train.adagrad(0.05),
  adadelta: () => tf.train.adadelta(0.5),
  rmsprop: () => tf.train.rmsprop(0.003, 0.9, 0.5),
  adam: () => tf.train.adam(0.01),
  adamax: () => tf.train.adamax(0.01),
};

/** What a schedule does. Only tf.train.sgd and momentum declare it. */
function halveRate(optimizer: tf.Optimizer): void {
  const declared = optimizer as unknown as { learningRate: number; setLearningRate?(rate: number): void };
  const rate = declared.learningRate / 2;
  if (declared.setLearningRate) declared.setLearningRate(rate);
  else declared.learningRate = rate;
}

test.each(Object.entries(optimizers))(
  '%s: the losses and the weights are those of model.fit, also with a learning rate that changes',
  async (_, create) => {
    const [expected, model] = [convolutional(), convolutional()];
    const [first, second] = [create(), create()];
    expected.compile({ optimizer: first, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    const step = trainStep(model, {
      optimizer: second,
      loss: 'categoricalCrossentropy',
      metrics: ['accuracy'],
      runtime,
    });
    const initial = model.getWeights().map((weight) => weight.dataSync().slice());
    for (let epoch = 0; epoch < 3; epoch++) {
      const { history } = await expected.fit(pictures, classes, { batchSize: 24, shuffle: false, verbose: 0 });
      const { loss, acc } = await step.run(pictures, classes);
      expect(loss).toBeCloseTo(history['loss']![0] as number, 4);
      expect(acc).toBeCloseTo(history['acc']![0] as number, 6);
      for (const optimizer of [first, second]) halveRate(optimizer);
    }
    await step.writeBack();
    const weights = expected.getWeights();
    for (const [i, weight] of model.getWeights().entries()) {
      const [actual, wanted] = [weight.dataSync(), weights[i]!.dataSync()];
      let [error, moved] = [0, 0];
      for (const [at, value] of wanted.entries()) {
        error += (actual[at]! - value) ** 2;
        moved += (value - initial[i]![at]!) ** 2;
      }
      expect(Math.sqrt(error)).toBeLessThan(0.02 * Math.sqrt(moved) + 1e-5);
    }
    await step.dispose();
  },
);

test('batches of another size train the same weights, and typed arrays are batches too', async () => {
  const model = tfl.sequential({
    layers: [tfl.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })],
  });
  const step = trainStep(model, { optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError', runtime });
  const { loss } = await step.run(Float32Array.of(1, 2), Float32Array.of(3, 6));
  expect(loss).toBeCloseTo((9 + 36) / 2, 4);
  // Gradients of the mean of (w x + b - 3 x)²: w = 0.1 · 15, b = 0.1 · 9.
  const next = await step.run(tf.tensor2d([[1]]), tf.tensor2d([[3]]));
  expect(next['loss']).toBeCloseTo((1.5 + 0.9 - 3) ** 2, 4);
  // TF.js's own words, as for model.fit.
  await expect(step.run(Float32Array.of(1), [])).rejects.toThrow('Expected to see 1 Tensor(s)');
  await expect(step.run(tf.zeros([2, 3]), tf.zeros([2, 1]))).rejects.toThrow('each example has shape [1]');
  await step.dispose();
});

const dense = (units: number, activation: 'tanh' | 'softmax', seed: number, more: object = {}) =>
  tfl.layers.dense({ units, activation, kernelInitializer: glorot(seed), ...more });
const sequential = (...layers: object[]) => tfl.sequential({ layers: layers as never[] });
const drawn = (seed: number, ...shape: number[]) => tf.randomNormal(shape, 0, 1, 'float32', seed);
const chosen = (seed: number, N: number, count: number) => tf.randomUniformInt([N], 0, count, seed);
const oneHot = (seed: number) => tf.oneHot(chosen(seed, 8, 3), 3, 1, 0, 'float32');

/** Two inputs through one shared layer, and an output for each of two losses. */
function twoOutputs(): tfl.LayersModel {
  const inputs = ['left', 'right'].map((name) => tfl.input({ shape: [4], name }));
  const shared = dense(5, 'tanh', 1);
  const joined = tfl.layers.concatenate().apply(inputs.map((input) => shared.apply(input) as tfl.SymbolicTensor));
  const outputs = [dense(3, 'softmax', 2, { name: 'kind' }), dense(2, 'tanh', 3, { name: 'place' })];
  return tfl.model({ inputs, outputs: outputs.map((layer) => layer.apply(joined) as tfl.SymbolicTensor) });
}

type TrainedModel = {
  readonly build: () => tfl.LayersModel;
  readonly loss: unknown;
  readonly batch: (seed: number) => { x: never; y: never };
};
const trained = (build: () => tfl.LayersModel, loss: unknown, batch: (seed: number) => { x: unknown; y: unknown }) =>
  ({ build, loss, batch }) as TrainedModel;

test.each<[string, TrainedModel]>([
  [
    'several inputs and outputs, by name, with a shared layer',
    trained(twoOutputs, { kind: 'categoricalCrossentropy', place: 'meanSquaredError' }, (seed) => ({
      x: { right: drawn(seed, 8, 4), left: drawn(seed + 50, 8, 4) },
      y: { place: drawn(seed + 90, 8, 2), kind: oneHot(seed) },
    })),
  ],
  [
    'several inputs and outputs, in order',
    trained(twoOutputs, ['categoricalCrossentropy', 'meanAbsoluteError'], (seed) => ({
      x: [drawn(seed, 8, 4), drawn(seed + 50, 8, 4)],
      y: [oneHot(seed), drawn(seed + 90, 8, 2)],
    })),
  ],
  [
    'class numbers as targets',
    trained(
      () => sequential(dense(3, 'softmax', 1, { inputShape: [4] })),
      'sparseCategoricalCrossentropy',
      (seed) => ({ x: drawn(seed, 8, 4), y: tf.tensor(Float32Array.from(chosen(seed, 8, 3).dataSync()), [8, 1]) }),
    ),
  ],
  [
    'whole numbers as inputs, a mask, a recurrent layer',
    trained(
      () =>
        sequential(
          tfl.layers.embedding({
            inputDim: 10,
            outputDim: 4,
            inputLength: 5,
            maskZero: true,
            embeddingsInitializer: glorot(1),
          }),
          tfl.layers.gru({ units: 3, recurrentInitializer: glorot(2), kernelInitializer: glorot(3) }),
          dense(3, 'softmax', 4),
        ),
      'categoricalCrossentropy',
      (seed) => ({ x: tf.reshape(chosen(seed, 40, 10), [8, 5]), y: oneHot(seed) }),
    ),
  ],
  [
    'a model inside a model, moving averages, a frozen layer, regularisers and constraints',
    trained(
      () => {
        const inner = sequential(
          dense(5, 'tanh', 1, { inputShape: [4], kernelRegularizer: 'l1l2', biasRegularizer: 'l1l2' }),
          tfl.layers.batchNormalization({ momentum: 0.7 }),
        );
        const frozen = dense(4, 'tanh', 2, { trainable: false });
        const constraint = tfl.constraints.maxNorm({ maxValue: 0.5, axis: 0 });
        return sequential(inner, frozen, dense(3, 'softmax', 3, { kernelConstraint: constraint }));
      },
      'categoricalCrossentropy',
      (seed) => ({ x: drawn(seed, 8, 4), y: oneHot(seed) }),
    ),
  ],
  [
    'a function as loss',
    trained(
      () => sequential(dense(3, 'tanh', 1, { inputShape: [4] })),
      (wanted: tf.Tensor, given: tf.Tensor) => tf.mean(tf.abs(tf.sub(wanted, given)), -1),
      (seed) => ({ x: drawn(seed, 8, 4), y: oneHot(seed) }),
    ),
  ],
])('%s: the losses and the weights are those of trainOnBatch', async (_, { build, loss, batch }) => {
  const [expected, model] = [build(), build()];
  expected.compile({ optimizer: tf.train.adam(0.02), loss: loss as string });
  const step = trainStep(model, { optimizer: tf.train.adam(0.02), loss, runtime });
  const first = model.getWeights().map((weight) => weight.dataSync().slice());
  for (let seed = 1; seed <= 4; seed++) {
    const { x, y } = batch(seed);
    const wanted = [await expected.trainOnBatch(x, y)].flat();
    const { numTensors } = tf.memory();
    const losses = Object.values(await step.run(x, y));
    if (seed > 1) expect(tf.memory().numTensors).toBe(numTensors);
    expect(losses).toHaveLength(wanted.length);
    for (const [i, value] of wanted.entries()) expect(losses[i]).toBeCloseTo(value as number, 4);
  }
  await step.writeBack();
  for (const [i, weight] of model.getWeights().entries()) {
    const [actual, wanted] = [weight.dataSync(), expected.getWeights()[i]!.dataSync()];
    for (const [at, value] of wanted.entries()) expect(actual[at]).toBeCloseTo(value, 4);
    const frozen = expected.layers.some(
      (layer) => !layer.trainable && layer.weights.some(({ name }) => name === expected.weights[i]!.name),
    );
    expect(wanted.some((value, at) => value !== first[i]![at])).toBe(!frozen);
  }
  await step.dispose();
});

test('sample weights are what model.fit makes of class weights', async () => {
  const build = () => sequential(dense(3, 'softmax', 1, { inputShape: [4] }));
  const [expected, model] = [build(), build()];
  expected.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
  const step = trainStep(model, { optimizer: 'sgd', loss: 'categoricalCrossentropy', runtime });
  const classWeight = [1, 5, 0.5];
  const weights = Float32Array.from(chosen(1, 8, 3).dataSync(), (id) => classWeight[id]!);
  for (let epoch = 0; epoch < 3; epoch++) {
    const { history } = await expected.fit(drawn(1, 8, 4), oneHot(1), {
      classWeight: { ...classWeight },
      batchSize: 8,
      shuffle: false,
      verbose: 0,
    });
    const { loss } = await step.run(drawn(1, 8, 4), oneHot(1), weights);
    expect(loss).toBeCloseTo(history['loss']![0] as number, 4);
  }
  await expect(step.run(drawn(1, 8, 4), oneHot(1), [])).rejects.toThrow('a tensor [N] for each of the outputs');
  await step.dispose();
});

test('weights that are set between two steps are the ones that the next step trains', async () => {
  const build = () => sequential(dense(3, 'softmax', 1, { inputShape: [4] }));
  const [expected, model] = [build(), build()];
  expected.compile({ optimizer: tf.train.adam(0.1), loss: 'categoricalCrossentropy' });
  const step = trainStep(model, { optimizer: tf.train.adam(0.1), loss: 'categoricalCrossentropy', runtime });
  for (let seed = 1; seed <= 3; seed++) {
    const wanted = await expected.trainOnBatch(drawn(seed, 8, 4), oneHot(seed));
    expect((await step.run(drawn(seed, 8, 4), oneHot(seed)))['loss']).toBeCloseTo(wanted as number, 4);
    if (seed !== 1) continue;
    for (const one of [expected, model]) one.setWeights([drawn(7, 4, 3), drawn(8, 3)]);
  }
  await step.dispose();
});

test("another optimiser's learning rate cannot change", async () => {
  class Plain extends tf.Optimizer {
    static className = 'Plain';
    learningRate = 0.1;
    override applyGradients(gradients: unknown): void {
      const { registeredVariables } = tf.engine();
      for (const { name, tensor } of gradients as { name: string; tensor: tf.Tensor }[]) {
        const variable = registeredVariables[name]!;
        variable.assign(tf.sub(variable, tf.mul(tensor, this.learningRate / 2)));
      }
    }
    override getConfig() {
      return {};
    }
  }
  const optimizer = new Plain();
  const model = sequential(tfl.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' }));
  const step = trainStep(model, { optimizer, loss: 'meanSquaredError', runtime });
  await step.run(Float32Array.of(1), Float32Array.of(1));
  // The gradients of (w + b - 1)² are -2, so both have grown by 0.1.
  expect((await step.run(Float32Array.of(1), Float32Array.of(1)))['loss']).toBeCloseTo(0.8 ** 2, 5);
  optimizer.learningRate = 1;
  await expect(step.run(Float32Array.of(1), Float32Array.of(1))).rejects.toThrow("of optimizer 'Plain' has changed");
  await step.dispose();
});

test('dropout without a seed draws anew in each step, and the same again from the same seed', async () => {
  const losses = async (seed: number) => {
    const model = tfl.sequential({
      layers: [
        tfl.layers.dropout({ rate: 0.5, inputShape: [50] }),
        tfl.layers.dense({ units: 1, kernelInitializer: 'ones' }),
      ],
    });
    const step = trainStep(model, { optimizer: tf.train.sgd(0), loss: 'meanSquaredError', runtime, seed });
    const run = async () => (await step.run(new Float32Array(100).fill(1), new Float32Array(2)))['loss']!;
    const results = [await run(), await run(), await run()];
    await step.dispose();
    return results;
  };
  const first = await losses(1);
  // The sum of 50 numbers, each 0 or 2 with the same probability: 50 give or take 7, squared.
  for (const loss of first) expect(Math.sqrt(loss)).toBeGreaterThan(25);
  for (const loss of first) expect(Math.sqrt(loss)).toBeLessThan(75);
  expect(new Set(first).size).toBe(3);
  expect(await losses(1)).toEqual(first);
  expect(await losses(2)).not.toEqual(first);
});

describe('variables', () => {
  const inputs = { x: { shape: [4] }, y: { shape: [4] } };
  const batch = { x: Float32Array.of(1, 2, 3, 4), y: Float32Array.of(3, 6, 9, 12) };

  test('what an optimiser minimises is state by itself, and goes back to the variables', async () => {
    const w = tf.variable(tf.scalar(0));
    const optimizer = tf.train.adam(0.5);
    const { numTensors, numDataBuffers } = tf.memory();
    const program = await compile(
      (_state, { x, y }) => ({
        outputs: { loss: optimizer.minimize(() => tf.mean(tf.squaredDifference(tf.mul(x!, w), y!)), true, [w])! },
      }),
      { runtime, inputs },
    );
    // Adam's two moments, which it made while it was traced.
    expect(tf.memory().numTensors).toBe(numTensors + 2);
    expect(tf.memory().numDataBuffers).toBe(numDataBuffers + 2);
    let loss = 0;
    for (let i = 0; i < 60; i++) loss = (await program.run(batch))['loss']!.data[0]!;
    expect(loss).toBeLessThan(0.1);
    expect(w.dataSync()[0]).toBe(0);
    await program.variables.writeBack();
    expect(w.dataSync()[0]).toBeCloseTo(3, 0);
    await program.dispose();
    // The optimiser goes on on TF.js's own backend.
    expect(tf.memory().numTensors).toBe(numTensors + 2);
    optimizer.minimize(() => tf.square(w) as tf.Scalar, false, [w]);
  });

  test('programs share variables', async () => {
    const total = tf.variable(tf.zeros([4]));
    const add = await compile(
      (_state, { x }) => {
        total.assign(tf.add(total, x!));
        return {};
      },
      { runtime, inputs },
    );
    const { variables } = add;
    const read = await compile(() => ({ outputs: { total: tf.mul(total, 2) } }), { runtime, inputs: {}, variables });
    await add.run(batch);
    await add.run(batch);
    expect([...(await read.run({}))['total']!.data]).toEqual([4, 8, 12, 16]);
    await add.dispose();
    await read.dispose();
  });

  test('random numbers without a seed are drawn anew in each run, from their distribution', async () => {
    const program = await compile(
      () => ({
        outputs: {
          uniform: tf.randomUniform([4000], -2, 6),
          normal: tf.randomNormal([4000], 5, 2),
          truncated: tf.truncatedNormal([4000], 1, 3),
          seeded: tf.randomNormal([4], 0, 1, 'float32', 9),
        },
      }),
      { runtime, inputs: {}, seed: 3 },
    );
    const [first, second] = [await program.run({}), await program.run({})];
    const moments = (name: string) => {
      const data = [...first[name]!.data];
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      return [mean, Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length), ...data];
    };
    const expected = { uniform: [2, 8 / Math.sqrt(12)], normal: [5, 2], truncated: [1, 3 * 0.88] };
    for (const [name, [mean, deviation]] of Object.entries(expected)) {
      const [actualMean, actualDeviation, ...values] = moments(name);
      expect(actualMean).toBeCloseTo(mean!, 0);
      expect(actualDeviation).toBeCloseTo(deviation!, 0);
      expect([...second[name]!.data]).not.toEqual(values);
    }
    expect(
      Math.max(
        ...moments('truncated')
          .slice(2)
          .map((value) => Math.abs(value - 1)),
      ),
    ).toBeLessThanOrEqual(6);
    const seeded = tf.randomNormal([4], 0, 1, 'float32', 9).dataSync();
    expect(first['seeded']!.data).toEqual(seeded);
    expect(second['seeded']!.data).toEqual(seeded);
    await program.dispose();
  });
});

describe('what a graph cannot keep is refused at the line', () => {
  const w = tf.variable(tf.scalar(1), true, 'kept');
  const x = { x: { shape: [] } };

  test.each<[string, (x: tf.Tensor) => void]>([
    ['assign', (value) => w.assign(value as tf.Scalar)],
    ['minimize', (value) => void tf.train.sgd(1).minimize(() => tf.mul(value, w) as tf.Scalar, false, [w])],
  ])('%s in trace()', (_, change) => {
    const run = () =>
      trace(({ x: value }) => {
        change(value!);
        return { y: value! };
      }, x);
    expect(run).toThrow(TraceError);
    expect(run).toThrow(/assigns to variable 'kept' at .*train-step\.test\.ts:\d+:\d+; .*compile\(\).*trainStep\(\)/);
    // The variable is as it was.
    expect(w.dataSync()[0]).toBe(1);
  });

  test.each(['fit', 'trainOnBatch'] as const)('model.%s, in trace() and in compile()', async (method) => {
    const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const inputs = { xs: { shape: [2, 1] }, ys: { shape: [2, 1] } };
    const call = ({ xs, ys }: Record<string, tf.Tensor>) => {
      void model[method](xs!, ys!);
      return { y: xs! };
    };
    const message = new RegExp(`calls model\\.${method} at .*train-step\\.test\\.ts:\\d+:\\d+, .*trainStep\\(model\\)`);
    expect(() => trace(call, inputs)).toThrow(message);
    await expect(compile((_state, tensors) => ({ outputs: call(tensors) }), { runtime, inputs })).rejects.toThrow(
      message,
    );
    // The method works again afterwards.
    await expect(model[method](tf.ones([2, 1]), tf.ones([2, 1]), { verbose: 0 } as never)).resolves.toBeDefined();
  });

  test('a step that returns something else than state and outputs', async () => {
    const returning = (result: unknown) => compile((() => result) as never, { runtime, inputs: {} });
    await expect(returning(undefined)).rejects.toThrow('the step returned nothing; legal: { state, outputs }');
    await expect(returning({ loss: 1 })).rejects.toThrow("the step returned 'loss'; legal: { state, outputs }");
    await expect(returning({})).rejects.toThrow('the step returns no state and no outputs, and assigns to no variable');
  });

  test('a model that is not compiled', () => {
    expect(() => trainStep(convolutional(), { runtime })).toThrow('the model is not compiled');
    expect(() => trainStep(convolutional(), { runtime, loss: 'meanSquaredError' })).toThrow('has no optimizer');
    expect(() => trainStep({}, { runtime })).toThrow('takes a model of tf.layers');
  });
});
