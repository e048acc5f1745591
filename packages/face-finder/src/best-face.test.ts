import { describe, expect, test } from 'vitest';
import { bestFace } from './best-face.ts';
import { CELL, GRID } from './sizes.ts';
import { faceTargets } from './targets.ts';

const logit = (probability: number) => Math.log(probability / (1 - probability));

/** A network's output with `probability` of a face in every cell but those given, [row, column, probability, dx, dy, log side]. */
function output(probability: number, cells: readonly (readonly number[])[]): Float32Array {
  const out = new Float32Array(GRID * GRID * CELL);
  for (let i = 0; i < out.length; i += CELL) out.set([logit(probability), 9, 9, 9], i);
  for (const [row, column, score, ...rest] of cells) out.set([logit(score!), ...rest], (row! * GRID + column!) * CELL);
  return out;
}

describe('the best face', () => {
  test.each([
    { x: 0.41, y: 0.62, side: 0.5 },
    { x: 0.01, y: 0.99, side: 0.2 },
    { x: 0.98, y: 0.5, side: 0.9 },
    { x: 0.5, y: 0.02, side: 0.12 },
  ])('of a perfect output for $x, $y, $side is that face', (face) => {
    const cells = faceTargets([face]);
    for (let i = 0; i < cells.length; i += CELL) cells[i] = logit(Math.min(0.999, Math.max(1e-6, cells[i]!)));
    const found = bestFace(cells);
    expect(found.x).toBeCloseTo(face.x, 5);
    expect(found.y).toBeCloseTo(face.y, 5);
    expect(found.side).toBeCloseTo(face.side, 5);
    expect(found.logit).toBeCloseTo(logit(0.999), 4);
  });

  test('is the mean of the best cell and its neighbours, weighted by their probabilities', () => {
    const tiny = 1e-9;
    const found = bestFace(
      output(tiny, [
        [3, 4, 0.6, 0.2, -0.1, -1],
        [3, 5, 0.3, -0.5, 0.1, -0.4],
        // Not a neighbour.
        [3, 6, 0.5, 3, 3, 3],
      ]),
    );
    expect(found.logit).toBeCloseTo(logit(0.6), 5);
    expect(found.x).toBeCloseTo((0.6 * (4.5 + 0.2) + 0.3 * (5.5 - 0.5)) / 0.9 / 8, 5);
    expect(found.y).toBeCloseTo((0.6 * (3.5 - 0.1) + 0.3 * (3.5 + 0.1)) / 0.9 / 8, 5);
    expect(found.side).toBeCloseTo(Math.exp((0.6 * -1 + 0.3 * -0.4) / 0.9), 5);
  });

  test('is the likeliest one, wherever it is', () => {
    const found = bestFace(
      output(1e-9, [
        [7, 7, 0.8, 0, 0, -1],
        [0, 0, 0.7, 0, 0, -1],
      ]),
    );
    expect(found.x).toBeCloseTo(7.5 / 8, 5);
    expect(found.y).toBeCloseTo(7.5 / 8, 5);
  });
});
