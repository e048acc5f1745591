import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as runtime from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { type ConvolutionLowering, type Graph, type NamedSpecs, NCHW, OIHW, trace } from '../index.ts';
import { physicalInputs } from '../testing/physical-inputs.ts';
import { Random } from '../testing/random-values.ts';
import { compileRounding } from '../testing/rounding-program.ts';

const PRODUCTS = ['Conv', 'ConvTranspose', 'Gemm', 'MatMul'];

/** Constant matrices, as of Winograd's transforms, only add up and scale: they stay float32. */
const productsOf = ({ nodes }: Graph) =>
  nodes.filter(({ operator, inputs }) => PRODUCTS.includes(operator) && !inputs.some((input) => input?.constant));
const inFloat16 = (graph: Graph) => productsOf(graph).filter(({ outputs }) => outputs[0]!.type === 'float16');
const casts = ({ nodes }: Graph, type: string) =>
  nodes.filter(({ operator, outputs }) => operator === 'Cast' && outputs[0]!.type === type);

const { f16round } = Math as unknown as { f16round: (x: number) => number };

function relativeError(actual: ArrayLike<number>, expected: Float32Array): number {
  const error = expected.map((value, i) => actual[i]! - value);
  return Math.hypot(...error) / Math.hypot(...expected);
}

type Tensors = Record<string, tf.Tensor4D>;

interface Example {
  readonly x: readonly number[];
  readonly filter: readonly number[];
  readonly y: readonly number[];
  readonly run: (tensors: Tensors) => tf.Tensor;
}

const conv2D = (strides: number) => (t: Tensors) => tf.conv2d(t['x']!, t['filter']!, strides, 'same');
const examples: Record<string, Example> = {
  'a convolution': { x: [3, 8, 8, 5], filter: [4, 4, 5, 4], y: [3, 4, 4, 4], run: conv2D(2) },
  'a convolution that keeps the size': { x: [2, 5, 6, 3], filter: [3, 3, 3, 4], y: [2, 5, 6, 4], run: conv2D(1) },
  'a convolution of all': {
    x: [3, 4, 4, 5],
    filter: [4, 4, 5, 3],
    y: [3, 1, 1, 3],
    run: (t) => tf.conv2d(t['x']!, t['filter']!, 1, 'valid'),
  },
  'a transposed convolution': {
    x: [3, 4, 4, 5],
    filter: [4, 4, 3, 5],
    y: [3, 8, 8, 3],
    run: (t) => tf.conv2dTranspose(t['x']!, t['filter']!, [3, 8, 8, 3], 2, 'same'),
  },
  'a matrix product': { x: [6, 7], filter: [7, 5], y: [6, 5], run: (t) => tf.matMul(t['x']!, t['filter']!) },
  'a product of many matrices': {
    x: [3, 6, 7],
    filter: [3, 7, 5],
    y: [3, 6, 5],
    run: (t) => tf.matMul(t['x']!, t['filter']!),
  },
};

/** y and the gradients to x and to the filter, of a gradient `dy` of y: three products. */
const withGradients =
  ({ run }: Example) =>
  ({ dy, ...operands }: Record<string, tf.Tensor>) => {
    const fn = (x: tf.Tensor, filter: tf.Tensor) => run({ x, filter } as Tensors);
    const [dx, dfilter] = tf.grads(fn)([operands['x']!, operands['filter']!], dy!);
    return { y: fn(operands['x']!, operands['filter']!), dx: dx!, dfilter: dfilter! };
  };

describe.each<[string, ConvolutionLowering]>(
  Object.keys(examples).flatMap((name) => [
    [name, 'conv'],
    [name, 'gemm'],
  ]),
)('%s, as %s', (name, convolution) => {
  const example = examples[name]!;
  const pictures = example.x.length === 4 && convolution === 'conv';
  const inputs: NamedSpecs = {
    x: { shape: example.x, ...(pictures ? { order: NCHW } : {}) },
    filter: { shape: example.filter, ...(pictures ? { order: OIHW } : {}) },
    dy: { shape: example.y },
  };

  test('takes its operands rounded to float16, in both directions, and gives float32', async () => {
    const program = await compileRounding((_state, tensors) => ({ outputs: withGradients(example)(tensors) }), {
      runtime,
      inputs,
      convolution,
      precision: 'mixed',
    });
    expect(inFloat16(program.graph)).toEqual(productsOf(program.graph));
    const random = new Random(4);
    const values = Object.fromEntries(
      Object.entries(inputs).map(([input, { shape }]) => [input, random.values({ shape })]),
    );
    const outputs = await program.run(physicalInputs(inputs, values));
    await program.dispose();

    await tf.setBackend('cpu');
    const reference = tf.tidy(() => {
      const tensors = Object.entries(inputs).map(([input, { shape }]) => {
        const rounded = Float32Array.from(values[input]!, f16round);
        return [input, tf.tensor(rounded, [...shape])] as const;
      });
      const results = withGradients(example)(Object.fromEntries(tensors));
      return Object.entries(results).map(([output, tensor]) => {
        return { output, data: Float32Array.from(tensor.dataSync(), f16round) };
      });
    });
    for (const { output, data } of reference) {
      // One unit in the last place where a sum lies between two. As matrix products, parts of sums are rounded.
      expect(relativeError(outputs[output]!.data, data), output).toBeLessThan(convolution === 'conv' ? 5e-5 : 2e-3);
    }
  });
});

const mixed = (fn: (inputs: Tensors) => Record<string, tf.Tensor>, inputs: NamedSpecs) =>
  trace(fn as Parameters<typeof trace>[0], inputs, { precision: 'mixed' });

test('what several products read is cast once, in whatever order they read it', () => {
  const graph = mixed(
    ({ x, filter, dy }) => {
      const h = tf.leakyRelu(x!, 0.2) as tf.Tensor4D;
      const [dx, dfilter] = tf.grads((a, f) => tf.conv2d(a as tf.Tensor4D, f as tf.Tensor4D, 2, 'same'))(
        [h, filter!],
        dy!,
      );
      return { y: tf.conv2d(h, filter!, 2, 'same'), dx: dx!, dfilter: dfilter! };
    },
    {
      x: { shape: [2, 8, 8, 3], order: NCHW },
      filter: { shape: [4, 4, 3, 4], order: OIHW },
      dy: { shape: [2, 4, 4, 4], order: NCHW },
    },
  );
  expect(inFloat16(graph)).toHaveLength(3);
  // LeakyReLU(x), the filter, dy; and each of the three results back.
  expect(casts(graph, 'float16').map(({ inputs }) => inputs[0]!.input ?? inputs[0]!.node!.operator)).toEqual(
    expect.arrayContaining(['LeakyRelu', 'filter', 'dy']),
  );
  expect(casts(graph, 'float16')).toHaveLength(3);
  expect(casts(graph, 'float32')).toHaveLength(3);
});

test('what goes from product to product is not cast on the way', () => {
  const graph = mixed(({ a, b, c }) => ({ y: tf.matMul(tf.matMul(a!, b!), c!) }), {
    a: { shape: [4, 5] },
    b: { shape: [5, 6] },
    c: { shape: [6, 3] },
  });
  expect(casts(graph, 'float16')).toHaveLength(3);
  expect(casts(graph, 'float32')).toHaveLength(1);
});

test('all that is no product is float32', () => {
  const graph = mixed(
    ({ x }) => {
      const { mean, variance } = tf.moments(x!, [0, 1, 2]);
      return { y: tf.mul(tf.sub(x!, mean), tf.rsqrt(tf.add(variance, 1e-5))), sum: tf.sum(tf.softplus(x!)) };
    },
    { x: { shape: [2, 4, 4, 3] } },
  );
  expect(graph.nodes.some(({ operator }) => operator === 'Cast')).toBe(false);
});

test.each<[string, NamedSpecs, (inputs: Tensors) => tf.Tensor]>([
  ['with a vector', { a: { shape: [64, 32] }, b: { shape: [32, 1] } }, ({ a, b }) => tf.matMul(a!, b!)],
  [
    'with a vector on the left',
    { a: { shape: [32, 1] }, b: { shape: [32, 8] } },
    ({ a, b }) => tf.matMul(a!, b!, true),
  ],
  ['of two vectors, all pairs', { a: { shape: [9, 1] }, b: { shape: [1, 8] } }, ({ a, b }) => tf.matMul(a!, b!)],
  ['of whole numbers', { a: { shape: [4, 4], dtype: 'int32' } }, ({ a }) => tf.matMul(a!, a!)],
  ['of sums too long', { a: { shape: [2, 4097] }, b: { shape: [4097, 2] } }, ({ a, b }) => tf.matMul(a!, b!)],
  [
    'of sums too long, a convolution',
    { a: { shape: [1, 8, 8, 257] }, b: { shape: [4, 4, 257, 2] } },
    ({ a, b }) => tf.conv2d(a!, b!, 2, 'same'),
  ],
  [
    'of sums too long, a transposed convolution',
    { a: { shape: [1, 4, 4, 1025] }, b: { shape: [4, 4, 2, 1025] } },
    ({ a, b }) => tf.conv2dTranspose(a!, b!, [1, 8, 8, 2], 2, 'same'),
  ],
])('a product %s stays as it is', (_name, inputs, run) => {
  const graph = mixed((tensors) => ({ y: run(tensors) }), inputs);
  expect(productsOf(graph)).toHaveLength(1);
  expect(inFloat16(graph)).toHaveLength(0);
});

test.each<[string, NamedSpecs, (inputs: Tensors) => tf.Tensor]>([
  ['matrices', { a: { shape: [2, 4096] }, b: { shape: [4096, 2] } }, ({ a, b }) => tf.matMul(a!, b!)],
  [
    'a convolution',
    { a: { shape: [1, 8, 8, 256] }, b: { shape: [4, 4, 256, 2] } },
    ({ a, b }) => tf.conv2d(a!, b!, 2, 'same'),
  ],
  [
    'a transposed convolution, of which each pixel sees a quarter of the filter',
    { a: { shape: [1, 4, 4, 1024] }, b: { shape: [4, 4, 2, 1024] } },
    ({ a, b }) => tf.conv2dTranspose(a!, b!, [1, 8, 8, 2], 2, 'same'),
  ],
])('4096 terms are not too long: %s', (_name, inputs, run) => {
  expect(inFloat16(mixed((tensors) => ({ y: run(tensors) }), inputs))).toHaveLength(1);
});
