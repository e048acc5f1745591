import { expect, test } from 'vitest';
import { GraphBuilder } from './graph-builder.ts';

const int32 = (...values: number[]) => Int32Array.from(values);

test('equal constants are one value', () => {
  const graph = new GraphBuilder();
  const constant = graph.constant(int32(1, 2), [2], 'int32');
  expect(graph.constant(int32(1, 2), [2], 'int32')).toBe(constant);
  // A part of a larger buffer.
  expect(graph.constant(int32(0, 1, 2, 3).subarray(1, 3), [2], 'int32')).toBe(constant);
});

test('constants that differ in value, shape, type or the bits of a number are different values', () => {
  const graph = new GraphBuilder();
  const constants = [
    graph.constant(int32(1, 2), [2], 'int32'),
    graph.constant(int32(2, 1), [2], 'int32'),
    graph.constant(int32(1, 2), [1, 2], 'int32'),
    graph.constant(BigInt64Array.of(1n + (2n << 32n)), [1], 'int64'),
    graph.constant(Uint8Array.of(1), [], 'uint8'),
    graph.constant(Uint8Array.of(1), [], 'bool'),
    graph.constant(Uint8Array.of(1, 2, 3, 4, 5), [5], 'uint8'),
    graph.constant(Uint8Array.of(1, 2, 3, 4, 6), [5], 'uint8'),
    graph.scalar(0),
    graph.scalar(-0),
    graph.constant(int32(), [0], 'int32'),
  ];
  expect(new Set(constants).size).toBe(constants.length);
});

test('constants with the same hash are different values, and each is found again', () => {
  const graph = new GraphBuilder();
  const pair = [int32(1, 2), int32(3, 33555772)];
  const [first, second] = pair.map((data) => graph.constant(data, [2], 'int32'));
  expect(second).not.toBe(first);
  expect(pair.map((data) => graph.constant(data.slice(), [2], 'int32'))).toEqual([first, second]);
  expect(graph.constant(pair[1]!.slice(), [2], 'int32')).toBe(second);
});

test('operands of another graph are told apart from those of this one', () => {
  const [graph, other] = [new GraphBuilder(), new GraphBuilder()];
  const [x, y] = [graph.input('x', [2], 'float32'), other.input('y', [2], 'float32')];
  const [negated, foreign] = [x, y].map((value) => graph.emit('Neg', [value], [2], 'float32'));
  expect(foreign).not.toBe(negated);
  expect(graph.emit('Neg', [y], [2], 'float32')).toBe(foreign);
});

test('equal nodes are one node', () => {
  const graph = new GraphBuilder();
  const x = graph.input('x', [2], 'float32');
  const y = graph.emit('Add', [x, graph.scalar(1)], [2], 'float32');
  expect(graph.emit('Add', [x, graph.scalar(1)], [2], 'float32')).toBe(y);
  expect(graph.emit('Add', [graph.scalar(1), x], [2], 'float32')).not.toBe(y);
  expect(graph.emit('Sub', [x, graph.scalar(1)], [2], 'float32')).not.toBe(y);
});
