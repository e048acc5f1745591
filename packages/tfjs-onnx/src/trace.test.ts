import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type NamedTensors, NCHW, type TensorSpec, TraceError, trace } from './index.ts';

const X: TensorSpec = { shape: [2, 3] };

beforeAll(() => {
  void tf.setBackend('cpu');
});

describe('what cannot be traced', () => {
  let tensors: number;

  beforeEach(() => {
    tensors = tf.memory().numTensors;
  });

  /** The message of the error, after which everything must be as before. */
  function message(fn: Parameters<typeof trace>[0], inputs = { x: X }): string {
    let caught: unknown;
    try {
      trace(fn, inputs);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(TraceError);
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.memory().numTensors).toBe(tensors);
    expect(tf.tidy(() => tf.add(1, 2).dataSync()[0])).toBe(3);
    expect(trace(({ x }) => ({ y: tf.neg(x!) }), { x: X }).nodes.map((node) => node.operator)).toEqual(['Neg']);
    return (caught as Error).message;
  }

  test('a kernel without lowering, named with the line that called it', () => {
    const text = message(({ x }) => ({ y: tf.unique(x!).values }));
    expect(text).toMatch(/kernel 'Unique' has no lowering to ONNX/);
    expect(text).toMatch(/[\\/]src[\\/]trace\.test\.ts:\d+:\d+/);
    expect(text).not.toContain('file:');
  });

  test('a lowering that refuses its arguments, named with the line that called it', () => {
    const suppress = (x: tf.Tensor) => tf.image.nonMaxSuppressionPadded(x as tf.Tensor2D, tf.ones([5]), 3);
    const text = message(({ x }) => ({ y: suppress(x!).selectedIndices! }), { x: { shape: [5, 4] } });
    expect(text).toMatch(
      /kernel 'NonMaxSuppressionV4' at .*trace\.test\.ts:\d+:\d+: .*; legal: padToMaxOutputSize = true/,
    );
  });

  test('a result in another form than an object', () => {
    const returning = (result: (x: tf.Tensor) => unknown) => message((({ x }: NamedTensors) => result(x!)) as never);
    expect(returning((x) => x)).toMatch(/returned a tensor; legal: an object of tensors by name/);
    expect(returning((x) => [x])).toMatch(/returned a list/);
  });

  test('reading a value', () => {
    expect(message(({ x }) => ({ y: tf.tensor(x!.dataSync()) }))).toMatch(
      /reads the value of a tensor \[2,3\] .* at .*trace\.test\.ts:\d+:\d+; keep the computation in TF\.js operations/,
    );
  });

  test('branching on a value', () => {
    expect(message(({ x }) => (tf.sum(x!).dataSync()[0]! > 0 ? { y: x! } : { y: tf.neg(x!) }))).toMatch(
      /reads the value of a tensor \[\]/,
    );
  });

  test('awaiting a value', () => {
    const waiting = async ({ x }: tf.NamedTensorMap) => ({ y: tf.tensor(await x!.data()) });
    expect(message(waiting as never)).toMatch(/async.*make it synchronous/);
  });

  test('a tensor of an earlier trace', () => {
    let kept: tf.Tensor | undefined;
    trace(
      ({ x }) => {
        kept = tf.keep(tf.neg(x!));
        return { y: x! };
      },
      { x: X },
    );
    tensors = tf.memory().numTensors;
    expect(message(({ x }) => ({ y: tf.add(x!, kept!) }))).toMatch(/tensor of an earlier trace/);
    expect(() => kept!.dataSync()).toThrow(/tensor of an earlier trace/);
    kept!.dispose();
  });

  test('a trace inside a trace, which leaves the outer one usable', () => {
    const graph = trace(
      ({ x }) => {
        expect(() => trace(() => ({}), {})).toThrow(/inside a function that is being traced/);
        return { y: tf.neg(x!) };
      },
      { x: X },
    );
    expect(graph.nodes).toHaveLength(1);
    expect(tf.getBackend()).toBe('cpu');
  });

  test('an output that is no tensor', () => {
    expect(message(() => ({ y: 3 as never }))).toMatch(/output 'y' .* is 3; legal: a tensor/);
  });

  test('an output with the name of an input', () => {
    expect(message(({ x }) => ({ x: tf.neg(x!) }))).toMatch(/output 'x' .* name of an input/);
  });

  test.each([
    ['randomNormal', () => tf.randomNormal([3])],
    ['randomUniform', () => tf.randomUniform([3])],
    ['truncatedNormal', () => tf.truncatedNormal([3])],
    ['randomUniform', () => tf.dropout(tf.ones([3]), 0.5)],
  ])('random numbers of tf.%s, which every run would repeat', (name, draw) => {
    expect(message(({ x }) => ({ y: tf.add(x!, draw()) }))).toMatch(
      new RegExp(`tf\\.${name} at .*trace\\.test\\.ts:\\d+:\\d+: every run .* pass them as an input`),
    );
  });

  test('the error of the function itself comes through', () => {
    expect(() =>
      trace(
        () => {
          throw new RangeError('mine');
        },
        { x: X },
      ),
    ).toThrow(new RangeError('mine'));
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.memory().numTensors).toBe(tensors);
  });

  test('strings', () => {
    expect(message(() => ({ y: tf.tensor(['a']) }))).toMatch(/dtype 'string' cannot be traced; legal: float32/);
  });

  test.each([
    [{ shape: [2, -1] }, /input 'x' has shape \[2,-1\]/],
    [{ shape: [2, 1.5] }, /input 'x' has shape \[2,1.5\]/],
    [{ shape: [2, 3], order: NCHW }, /input 'x' \[2,3\] has order \[0,3,1,2\]; legal: each axis once/],
    [{ shape: [2], dtype: 'float16' as never }, /input 'x' has dtype 'float16'; legal: float32, int32, bool, uint8/],
    [{ shape: [2, 3], order: [0, 0] }, /order \[0,0\]/],
  ])('an input of %j', (spec, expected) => {
    expect(message(({ x }) => ({ y: x! }), { x: spec })).toMatch(expected);
  });

  test('an output order that does not fit', () => {
    expect(() => trace(({ x }) => ({ y: tf.neg(x!) }), { x: X }, { outputOrders: { y: NCHW } })).toThrow(
      "output 'y' [2,3] cannot have the order [0,3,1,2]",
    );
  });
});

test('tensors from outside become constants and stay readable, and no tensor is left behind', () => {
  const weights = tf.tensor2d([[1], [2], [3]]);
  const variable = tf.variable(tf.scalar(2));
  const before = tf.memory();
  const graph = trace(
    ({ x }) => ({ y: tf.mul(tf.matMul(x!, weights), variable), unused: tf.grad((t) => tf.sum(tf.tanh(t)))(x!) }),
    { x: X },
  );
  expect(tf.memory().numTensors).toBe(before.numTensors);
  expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  expect(graph.constants.map(({ constant }) => [...constant!])).toContainEqual([1, 2, 3]);
  expect([...weights.dataSync()]).toEqual([1, 2, 3]);
  tf.dispose([weights, variable]);
});

test('tensors from outside that share their data keep their own shapes and types', () => {
  const flat = tf.tensor1d([0, 1, 2, 3, 4, 5], 'int32');
  const table = tf.reshape(flat, [2, 3]);
  const floats = tf.cast(table, 'float32');
  const graph = trace(({ x }) => ({ y: tf.add(x!, floats), flat, table }), { x: X });
  expect(graph.outputs.get('flat')).toMatchObject({ shape: [6], type: 'int32' });
  expect(graph.outputs.get('table')).toMatchObject({ shape: [2, 3], type: 'int32' });
  expect(graph.outputs.get('y')).toMatchObject({ shape: [2, 3], type: 'float32' });
  expect(graph.nodes[0]!.inputs[1]).toMatchObject({ shape: [2, 3], constant: Float32Array.of(0, 1, 2, 3, 4, 5) });
  tf.dispose([flat, table, floats]);
});

test('constants can be read while tracing', () => {
  trace(
    ({ x }) => {
      expect([...tf.tensor1d([1, 2]).dataSync()]).toEqual([1, 2]);
      expect([...tf.fill([2, 2], 7).dataSync()]).toEqual([7, 7, 7, 7]);
      expect(tf.ones([2], 'bool').dataSync()).toEqual(Uint8Array.of(1, 1));
      expect([
        ...tf
          .transpose(
            tf.tensor2d([
              [1, 2, 3],
              [4, 5, 6],
            ]),
          )
          .dataSync(),
      ]).toEqual([1, 4, 2, 5, 3, 6]);
      return { y: x! };
    },
    { x: X },
  );
});

test('a function evaluated twice on the same tensors is in the graph once', () => {
  const net = (x: tf.Tensor) => tf.tanh(tf.matMul(x, tf.ones([3, 3])));
  const graph = trace(({ x }) => ({ a: net(x!), b: tf.neg(net(x!)) }), { x: X });
  expect(graph.nodes.filter(({ operator }) => operator === 'Tanh')).toHaveLength(1);
});

test('pictures stay NCHW from convolution to convolution', () => {
  const filter = tf.randomNormal<tf.Rank.R4>([3, 3, 2, 2], 0, 1, 'float32', 1);
  const graph = trace(
    ({ x }) => {
      const layer = (t: tf.Tensor4D) => tf.leakyRelu(tf.add(tf.conv2d(t, filter, 1, 'same'), tf.tensor1d([1, 2])), 0.2);
      const y = layer(layer(x as tf.Tensor4D) as tf.Tensor4D);
      return { y: tf.div(tf.sub(y, tf.mean(y, [0, 1, 2])), 2) };
    },
    { x: { shape: [2, 4, 4, 2], order: NCHW } },
    { outputOrders: { y: NCHW } },
  );
  expect(graph.nodes.map(({ operator }) => operator)).not.toContain('Transpose');
  filter.dispose();
});
