/// <reference lib="esnext.float16" />
import * as tf from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import type { Graph } from '../graph/graph.ts';
import { encodeOnnx } from '../onnx-model.ts';
import { trace } from '../trace.ts';
import { mergeBiases } from './merge-biases.ts';
import { float16Bits, storeWeights } from './store-weights.ts';

const numbers = (length: number, factor = 1) => Float32Array.from({ length }, (_, i) => factor * Math.sin(i * i + 1));
const operators = (graph: Graph) => graph.nodes.map(({ operator }) => operator);

/** A graph of x [2,5,6,3]. */
const traced = (fn: (x: tf.Tensor4D) => Record<string, tf.Tensor>) =>
  trace(({ x }) => fn(x as tf.Tensor4D), { x: { shape: [2, 5, 6, 3] } });

async function outputs(graph: Graph): Promise<Record<string, number[]>> {
  const session = await InferenceSession.create(encodeOnnx(graph));
  const results = await session.run({ x: new Tensor('float32', numbers(180), [2, 5, 6, 3]) });
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, [...(data as Float32Array)]]));
}

async function expectSame(a: Graph, b: Graph) {
  const [left, right] = [await outputs(a), await outputs(b)];
  for (const [name, values] of Object.entries(left)) {
    for (const [i, value] of values.entries()) expect(right[name]![i]).toBeCloseTo(value, 4);
  }
}

const filter = () => tf.tensor4d(numbers(3 * 3 * 3 * 4), [3, 3, 3, 4]);
const convolution = (x: tf.Tensor4D) => tf.conv2d(x, filter(), 1, 'same');

describe('biases', () => {
  test.each([
    ['a number a channel', () => tf.tensor1d(numbers(4)), 3],
    ['one number for all', () => tf.scalar(0.5), 3],
    ['the same number for all', () => tf.tensor1d([2, 2, 2, 2]), 3],
  ] as const)('%s becomes the input of the convolution', async (_, bias, inputs) => {
    const graph = traced((x) => ({ y: tf.add(convolution(x), bias()) }));
    const merged = mergeBiases(graph);
    expect(operators(merged)).not.toContain('Add');
    expect(merged.nodes.find(({ operator }) => operator === 'Conv')!.inputs).toHaveLength(inputs);
    await expectSame(graph, merged);
  });

  test.each([
    [
      'varies over the picture',
      (x: tf.Tensor4D) => ({ y: tf.add(convolution(x), tf.tensor4d(numbers(30), [1, 5, 6, 1])) }),
    ],
    ['is not a constant', (x: tf.Tensor4D) => ({ y: tf.add(convolution(x), tf.mean(x)) })],
    [
      'is added to what others read too',
      (x: tf.Tensor4D) => {
        const product = convolution(x);
        return { y: tf.add(product, tf.tensor1d(numbers(4))), product };
      },
    ],
  ])('what %s stays an Add', async (_, fn) => {
    const graph = traced(fn);
    const merged = mergeBiases(graph);
    expect(operators(merged)).toContain('Add');
    await expectSame(graph, merged);
  });
});

describe('stored weights', () => {
  const weights = () =>
    tf.tensor4d(
      numbers(108).map((value, i) => (i % 4 === 3 ? 0 : value * 10 ** -(i % 4))),
      [3, 3, 3, 4],
    );
  const graph = traced((x) => ({ y: tf.conv2d(x, weights(), 1, 'same') }));

  test('int8: each output channel uses the whole range, and no weight is off by more than half a step', () => {
    const stored = storeWeights(graph, 'int8');
    const [steps] = stored.constants.filter(({ type }) => type === 'int8');
    const [scales] = stored.constants.filter(({ type, shape }) => type === 'float32' && shape.length === 4);
    const [original] = graph.constants.filter(({ shape }) => shape.length === 4);
    // OIHW, one scale each O.
    expect(scales!.shape).toEqual([4, 1, 1, 1]);
    for (let channel = 0; channel < 4; channel++) {
      const of = (data: ArrayLike<number | bigint>) => Array.from(data, Number).slice(channel * 27, (channel + 1) * 27);
      const [q, w, scale] = [of(steps!.constant!), of(original!.constant!), Number(scales!.constant![channel])];
      expect(Math.max(...q.map(Math.abs))).toBe(channel === 3 ? 0 : 127);
      for (const [i, value] of w.entries()) expect(Math.abs(value - q[i]! * scale)).toBeLessThanOrEqual(scale * 0.5001);
    }
  });

  test('fp16: bits of the nearest float16', () => {
    const [bits] = storeWeights(graph, 'fp16').constants.filter(({ type }) => type === 'float16');
    const [original] = graph.constants.filter(({ shape }) => shape.length === 4);
    const halves = new Float16Array((bits!.constant as Uint16Array).slice().buffer);
    expect(halves).toEqual(Float16Array.from(original!.constant as Float32Array));
  });

  test.each(['fp16', 'int8'] as const)('%s runs, near to the original', async (precision) => {
    const [whole, small] = [await outputs(graph), await outputs(storeWeights(graph, precision))];
    for (const [i, value] of whole.y!.entries()) expect(Math.abs(value - small.y![i]!)).toBeLessThan(0.1);
    expect(small.y).not.toEqual(whole.y);
  });
});

test('float16: numbers become what Float16Array makes of them', () => {
  const exponents = Array.from({ length: 50 }, (_, i) => 2 ** (i - 28));
  const edges = [
    0,
    -0,
    65504,
    65519.99,
    65520,
    1e9,
    2 ** -25,
    2 ** -25 * 1.01,
    2 ** -24 * 1.5,
    2 ** -14,
    Infinity,
    -Infinity,
    NaN,
  ];
  const values = Float32Array.from([
    ...edges,
    ...exponents.flatMap((power) => [
      power,
      -power * 1.5,
      power * (1 + 2 ** -11),
      power * (1 + 3 * 2 ** -11),
      power * 1.2345,
    ]),
  ]);
  const expected = new Uint16Array(new Float16Array(values).buffer);
  expect(Array.from(values, float16Bits)).toEqual([...expected]);
});
