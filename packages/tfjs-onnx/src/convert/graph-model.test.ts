// @module-tag slow

import '@tensorflow/tfjs-backend-cpu';
import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import protobuf from 'onnx-proto';
import * as runtime from 'onnxruntime-node';
import { beforeEach, describe, expect, test } from 'vitest';
import { type InputSpec, TraceError, toOnnx, verify } from '../index.ts';

beforeEach(() => void tf.setBackend('cpu'));

type Values = Float32Array | Int32Array;

/** A node of a graph as TensorFlow's converter writes it. */
const node = (name: string, op: string, input: readonly string[] = [], attr: object = {}) => ({
  name,
  op,
  input,
  attr,
});
const shape = (...sizes: number[]) => ({ shape: { dim: sizes.map((size) => ({ size: String(size) })) } });
const float = { type: 'DT_FLOAT' };
const placeholder = (name: string, sizes: object) => node(name, 'Placeholder', [], { dtype: float, shape: sizes });
const constant = (name: string, type: string) => node(name, 'Const', [], { dtype: { type } });

function load(nodes: readonly object[], weights: Readonly<Record<string, readonly [number[], Values]>> = {}) {
  const entries = Object.entries(weights);
  const data = entries.flatMap(([, [, values]]) => [...new Uint8Array(values.buffer)]);
  const artifacts = {
    format: 'graph-model',
    modelTopology: { node: nodes, versions: {} },
    weightSpecs: entries.map(([name, [sizes, values]]) => ({
      name,
      shape: sizes,
      dtype: values instanceof Int32Array ? ('int32' as const) : ('float32' as const),
    })),
    weightData: Uint8Array.from(data).buffer,
  };
  return loadGraphModel({ load: async () => artifacts }) as Promise<GraphModel>;
}

const weights = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i + 1));
const int = (...values: number[]) => Int32Array.from(values);

/** Flattens pictures by a shape that it computes of the batch, and multiplies them by a matrix. */
const flattened = () =>
  load(
    [
      placeholder('x', shape(-1, 2, 2, 1)),
      node('shape', 'Shape', ['x'], { out_type: { type: 'DT_INT32' } }),
      ...['begin', 'end', 'stride', 'four'].map((name) => constant(name, 'DT_INT32')),
      node('batch', 'StridedSlice', ['shape', 'begin', 'end', 'stride'], { shrink_axis_mask: { i: '1' } }),
      node('target', 'Pack', ['batch', 'four'], { axis: { i: '0' } }),
      node('rows', 'Reshape', ['x', 'target']),
      constant('matrix', 'DT_FLOAT'),
      node('products', 'MatMul', ['rows', 'matrix']),
      node('y', 'Relu', ['products']),
    ],
    { begin: [[1], int(0)], end: [[1], int(1)], stride: [[1], int(1)], four: [[], int(4)], matrix: [[4, 3], weights] },
  );

test.each([1, 5])('a shape that is computed of the batch follows it: N = %i', async (N) => {
  const model = await flattened();
  const file = toOnnx(model);
  const { graph } = protobuf.onnx.ModelProto.decode(file);
  expect(
    graph!.input![0]!.type!.tensorType!.shape!.dim!.map(({ dimParam, dimValue }) => dimParam || Number(dimValue)),
  ).toEqual(['N', 2, 2, 1]);
  expect(graph!.initializer!.map(({ name }) => name)).toContain('matrix');
  expect(graph!.node!.some(({ name }) => name!.startsWith('products/'))).toBe(true);
  expect((await verify(model, file, runtime, { x: { shape: [N, 2, 2, 1] } })).relativeError).toBeLessThan(1e-6);
});

test('float16 weights change the results little, and are smaller', async () => {
  const model = await flattened();
  const half = toOnnx(model, { weights: 'fp16' });
  const { relativeError } = await verify(model, half, runtime);
  expect(relativeError).toBeGreaterThan(0);
  expect(relativeError).toBeLessThan(1e-2);
  const bytes = (file: Uint8Array) =>
    protobuf.onnx.ModelProto.decode(file).graph!.initializer!.find(({ name }) => name === 'matrix')!.rawData!.length;
  expect(bytes(half)).toBe(bytes(toOnnx(model)) / 2);
});

describe('refused, by operation and node', () => {
  const x = placeholder('x', shape(-1, 4));
  const branches = [
    x,
    constant('p', 'DT_INT32'),
    node('switch', 'Switch', ['x', 'p']),
    node('a', 'Relu', ['switch:1']),
    node('b', 'Neg', ['switch']),
    node('y', 'Merge', ['b', 'a']),
  ];
  test.each<[string, object[], Record<string, InputSpec>, RegExp]>([
    [
      'branches',
      branches,
      {},
      /operation 'Merge' cannot be converted: the model chooses a branch by a value; node 'y'/,
    ],
    [
      'results whose shape depends on values',
      [x, node('y', 'Where', ['x'])],
      {},
      /operation 'Where' cannot be converted: the shape of its result depends on values; node 'y'/,
    ],
    [
      'an input without a shape',
      [placeholder('x', { shape: { unknownRank: true } }), node('y', 'Relu', ['x'])],
      {},
      /input 'x' has no shape in the model/,
    ],
  ])('%s', async (_, nodes, inputs, message) => {
    const model = await load(nodes, { p: [[], int(1)] });
    expect(() => toOnnx(model, { inputs })).toThrow(TraceError);
    expect(() => toOnnx(model, { inputs })).toThrow(message);
  });

  test('the part before is a function', async () => {
    const model = await load(branches, { p: [[], int(1)] });
    const part = ({ x: input }: Record<string, tf.Tensor>) => ({
      a: tf.neg(model.execute({ x: input! }, ['x'] as never) as tf.Tensor),
    });
    const file = toOnnx(part, { inputs: { x: { shape: ['N', 4] } } });
    expect((await verify(part, file, runtime, { x: { shape: [3, 4] } })).relativeError).toBe(0);
  });

  test('an input without a shape converts with the shape given', async () => {
    const model = await load([placeholder('x', { shape: { unknownRank: true } }), node('y', 'Relu', ['x'])]);
    const inputs = { x: { shape: ['N', 3] } };
    expect((await verify(model, toOnnx(model, { inputs }), runtime, inputs)).relativeError).toBe(0);
  });
});
