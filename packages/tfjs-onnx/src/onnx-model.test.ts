import * as tf from '@tensorflow/tfjs-core';
import protobuf from 'onnx-proto';
import * as runtime from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import type { Value } from './graph/types.ts';
import { collectGraph, compile, encodeOnnx, type Graph, OPSET, ProgramState, trace } from './index.ts';
import { checkModels, hasOnnxChecker } from './testing/onnx-checker.ts';
import { smallGan } from './testing/training-step.ts';

const decode = (graph: Graph, options = {}) => protobuf.onnx.ModelProto.decode(encodeOnnx(graph, options));

/** Every name that something in the model gives to a value. */
function definedNames(graph: Graph): string[] {
  const { graph: written } = decode(graph);
  return [
    ...written!.input!.map(({ name }) => name!),
    ...written!.initializer!.map(({ name }) => name!),
    ...written!.node!.flatMap(({ output }) => output!),
  ];
}

async function trainingGraph(): Promise<Graph> {
  const { specs, initialValues, inputs, step } = smallGan();
  const program = await compile(step, { state: new ProgramState(specs, initialValues(), { runtime }), inputs });
  await program.dispose();
  return program.graph;
}

const awkward: Readonly<Record<string, () => Graph>> = {
  'an output that is an input': () => trace(({ x }) => ({ y: x! }), { x: { shape: [2] } }),
  'an output that is a constant': () => trace(() => ({ y: tf.tensor1d([1, 2]) }), {}),
  'an output that is one number broadcast': () => trace(() => ({ y: tf.ones([2, 3]) }), {}),
  'two outputs that are the same value': () =>
    trace(
      ({ x }) => {
        const y = tf.neg(x!);
        return { a: y, b: y, c: tf.neg(x!) };
      },
      { x: { shape: [2] } },
    ),
  'an input that nothing reads': () => trace(({ x }) => ({ y: tf.neg(x!) }), { x: { shape: [2] }, z: { shape: [3] } }),
  'names that the writer would choose': () =>
    trace(
      ({ constant_0, neg_0 }) => ({
        constant_1: constant_0!,
        neg_1: tf.add(tf.neg(tf.neg(neg_0!)), tf.tensor1d([1, 2])),
      }),
      { constant_0: { shape: [2] }, neg_0: { shape: [2] } },
    ),
  'scalars, whole numbers and booleans': () =>
    trace(
      ({ i, b }) => ({ sum: tf.sum(i!), not: tf.logicalNot(b!), chosen: tf.where(b!, i!, tf.scalar(3, 'int32')) }),
      { i: { shape: [2], dtype: 'int32' }, b: { shape: [2], dtype: 'bool' } },
    ),
  'an unused output of a node': () =>
    trace(({ x }) => ({ y: tf.grad((t) => tf.maxPool(t as tf.Tensor4D, 2, 2, 'valid'))(x!) }), {
      x: { shape: [1, 4, 4, 2] },
    }),
  nothing: () => trace(() => ({}), {}),
};

describe.each(Object.entries(awkward))('%s', (_name, make) => {
  test('is written with one definition for each name, in order', () => {
    const graph = make();
    const names = definedNames(graph);
    expect(new Set(names).size).toBe(names.length);
    const known = new Set(
      names.slice(0, names.length - decode(graph).graph!.node!.flatMap(({ output }) => output!).length),
    );
    for (const node of decode(graph).graph!.node!) {
      for (const input of node.input!) expect(known).toContain(input);
      for (const output of node.output!) known.add(output);
    }
    for (const { name } of decode(graph).graph!.output!) expect(known).toContain(name);
    expect(decode(graph).graph!.output!.map(({ name }) => name)).toEqual([...graph.outputs.keys()]);
  });

  test.skipIf(!hasOnnxChecker)("is accepted by ONNX's checker (needs Debian's python3-onnx)", () => {
    const model = encodeOnnx(make());
    expect(checkModels(new Map([['model', model]]))).toEqual([]);
  });
});

test('the values of awkward outputs are right', async () => {
  const program = await compile(
    (_state, { x }) => ({ outputs: { same: x!, ones: tf.ones([2, 2]), list: tf.tensor1d([1, 2]), twice: x! } }),
    { runtime, inputs: { x: { shape: [3] } } },
  );
  const { same, ones, list, twice } = await program.run({ x: Float32Array.of(1, 2, 3) });
  expect(same).toEqual({ shape: [3], data: Float32Array.of(1, 2, 3) });
  expect(twice).toEqual(same);
  expect(ones).toEqual({ shape: [2, 2], data: Float32Array.of(1, 1, 1, 1) });
  expect(list).toEqual({ shape: [2], data: Float32Array.of(1, 2) });
  await program.dispose();
});

test.skipIf(!hasOnnxChecker)(
  "ONNX's checker accepts a training step with a gradient penalty, and refuses a false shape (needs Debian's python3-onnx)",
  async () => {
    const graph = await trainingGraph();
    const [name, loss] = [...graph.outputs].find(([output]) => output.endsWith('lossD'))!;
    const claims: Value[] = [];
    claims.push({ ...loss, shape: [7], node: { ...loss.node!, outputs: claims } });
    const wrong = collectGraph(graph.inputs, new Map([[name, claims[0]!]]));
    const models = new Map([
      ['step', encodeOnnx(graph)],
      ['wrong', encodeOnnx(wrong)],
    ]);
    const problems = checkModels(models);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^wrong: .*[Ii]nfer/);
  },
);

test('the model says what it is: opset, IR version, names, metadata, types and shapes', () => {
  const graph = trace(({ x }) => ({ y: tf.greater(tf.transpose(x!), 0) }), { x: { shape: [2, 3], order: [1, 0] } });
  const model = decode(graph, { name: 'net', producer: 'tests', metadata: { seed: '1' } });
  expect(Number(model.irVersion)).toBe(8);
  expect(model.producerName).toBe('tests');
  expect(model.opsetImport!.map(({ domain, version }) => [domain, Number(version)])).toEqual([['', OPSET]]);
  expect(model.metadataProps).toMatchObject([{ key: 'seed', value: '1' }]);
  expect(model.graph!.name).toBe('net');
  const describeValue = (value: protobuf.onnx.IValueInfoProto) => [
    value.name,
    value.type!.tensorType!.elemType,
    value.type!.tensorType!.shape!.dim!.map(({ dimValue }) => Number(dimValue)),
  ];
  expect(model.graph!.input!.map(describeValue)).toEqual([['x', 1, [3, 2]]]);
  expect(model.graph!.output!.map(describeValue)).toEqual([['y', 9, [3, 2]]]);
});

test('the same function gives the same bytes', () => {
  const make = () => trace(({ x }) => ({ y: tf.tanh(tf.matMul(x!, tf.ones([3, 3]))) }), { x: { shape: [2, 3] } });
  expect(encodeOnnx(make())).toEqual(encodeOnnx(make()));
});
