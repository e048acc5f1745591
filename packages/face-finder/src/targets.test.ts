import { expect, test } from 'vitest';
import { CELL, GRID } from './sizes.ts';
import { faceTargets } from './targets.ts';

const cell = (targets: Float32Array, row: number, column: number) => [
  ...targets.subarray((row * GRID + column) * CELL, (row * GRID + column + 1) * CELL),
];

test('a face heats the cell of its centre, and its neighbours less; all point to the same place', () => {
  // Centre at 2.8 cells right, 5.1 cells down; 0.3 is 2.4 cells, whose sixth is below the least deviation, 0.6.
  const targets = faceTargets([{ x: 0.35, y: 5.1 / 8, side: 0.3 }]);
  const logSide = Math.log(0.3);
  for (const [row, column, heat, dx, dy] of [
    [5, 2, 1, 0.3, -0.4],
    [5, 3, Math.exp(-1 / 0.72), -0.7, -0.4],
    [4, 2, Math.exp(-1 / 0.72), 0.3, 0.6],
    [6, 1, Math.exp(-2 / 0.72), 1.3, -1.4],
  ] as const) {
    const expected = [heat, dx, dy, logSide];
    for (const [i, value] of cell(targets, row, column).entries()) expect(value).toBeCloseTo(expected[i]!, 5);
  }
});

test('the heat of a large face is wider', () => {
  const targets = faceTargets([{ x: 0.5, y: 0.5, side: 0.9 }]);
  expect(cell(targets, 4, 5)[0]).toBeCloseTo(Math.exp(-1 / (2 * 1.2 ** 2)), 5);
});

test('of two faces, each cell points to the one that heats it most', () => {
  const targets = faceTargets([
    { x: 0.2, y: 0.2, side: 0.2 },
    { x: 0.8, y: 0.7, side: 0.4 },
  ]);
  expect(cell(targets, 1, 1)[0]).toBe(1);
  expect(cell(targets, 5, 6)[0]).toBe(1);
  expect(cell(targets, 2, 2)[3]).toBeCloseTo(Math.log(0.2), 5);
  expect(cell(targets, 5, 5)[3]).toBeCloseTo(Math.log(0.4), 5);
});

test('without a face all is 0, also in an array that was used', () => {
  expect(faceTargets([], new Float32Array(GRID * GRID * CELL).fill(7)).every((value) => value === 0)).toBe(true);
});
