import { expect, test } from 'vitest';
import { cookToom, kronecker, type Matrix, transposed } from './cook-toom.ts';

const times = (matrix: Matrix, vector: readonly number[]) =>
  matrix.map((row) => row.reduce((sum, factor, i) => sum + factor * vector[i]!, 0));

test.each([[[0, 1]], [[0, 1, -1]], [[0, -1, 0.5, 2]]])('points %j give the correlation with two taps', (points) => {
  const { outputs, products, output, filter, input } = cookToom(points);
  expect(outputs).toBe(points.length);
  expect(products).toBe(points.length + 1);
  const d = Array.from({ length: products }, (_, i) => Math.sin(3 * i + 1));
  const g = [0.7, -1.3];
  const transformed = times(input, d);
  const y = times(
    output,
    times(filter, g).map((value, k) => value * transformed[k]!),
  );
  for (let v = 0; v < outputs; v++) expect(y[v]).toBeCloseTo(d[v]! * g[0]! + d[v + 1]! * g[1]!, 12);
});

test('the points 0 and 1 need additions alone', () => {
  const { output, filter, input } = cookToom([0, 1]);
  for (const factor of [output, filter, input].flat(2)) expect([-1, 0, 1]).toContain(factor + 0);
});

test('a Kronecker product works on rows and columns of a grid', () => {
  const a = [
    [1, 2],
    [3, 4],
    [5, 6],
  ];
  const b = [[7, 8, 9]];
  const grid = [
    [1, -1, 2],
    [0.5, 3, -2],
  ];
  const alongRows = grid.map((row) => times(b, row));
  const along = transposed(transposed(alongRows).map((column) => times(a, column)));
  expect(times(kronecker(a, b), grid.flat())).toEqual(along.flat());
});
