import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
// Registers the gradients.
import '@latent-dogs/tfjs-onnx';
import { beforeAll, describe, expect, test } from 'vitest';
import { faceLosses } from './loss.ts';
import { CELL, GRID } from './sizes.ts';
import { type Face, faceTargets } from './targets.ts';

beforeAll(() => tf.setBackend('cpu').then(() => {}));

const CELLS = GRID * GRID * CELL;
const random = (length: number, seed: number) =>
  Float32Array.from({ length }, (_, i) => 4 * Math.sin((i + 1) * (i + 1 + 7.3 * seed)));

const FACES: Face[][] = [
  [{ x: 0.3, y: 0.6, side: 0.4 }],
  [],
  [
    { x: 0.1, y: 0.1, side: 0.2 },
    { x: 0.8, y: 0.6, side: 0.9 },
  ],
];
const targets = Float32Array.from(FACES.flatMap((faces) => [...faceTargets(faces)]));
const cells = random(3 * CELLS, 1);
const SHAPE: [number, number, number, number] = [3, GRID, GRID, CELL];

/** Equations 1 to 3 of CenterNet, cell by cell, in float64. */
function expected(output: Float32Array): { heat: number; place: number; side: number } {
  let [heat, place, side, faces, weight] = [0, 0, 0, 0, 0];
  for (let i = 0; i < output.length; i += CELL) {
    const [logit, dx, dy, log] = output.subarray(i, i + CELL);
    const [wanted, wantedX, wantedY, wantedLog] = targets.subarray(i, i + CELL);
    const p = 1 / (1 + Math.exp(-logit!));
    if (wanted === 1) {
      faces++;
      heat -= (1 - p) ** 2 * Math.log(p);
    } else heat -= (1 - wanted!) ** 4 * p ** 2 * Math.log(1 - p);
    weight += wanted!;
    place += wanted! * (Math.abs(dx! - wantedX!) + Math.abs(dy! - wantedY!));
    side += wanted! * Math.abs(log! - wantedLog!);
  }
  return { heat: heat / faces, place: place / weight, side: side / weight };
}

describe('the loss', () => {
  test('is the formula of the paper', () => {
    const losses = faceLosses(tf.tensor4d(cells, SHAPE), tf.tensor4d(targets, SHAPE));
    const wanted = expected(cells);
    for (const name of ['heat', 'place', 'side'] as const)
      expect(losses[name].dataSync()[0]! / wanted[name], name).toBeCloseTo(1, 5);
  });

  test('has the gradient that its differences have', () => {
    const total = (output: Float32Array) => {
      const { heat, place, side } = expected(output);
      return heat + place + side;
    };
    const gradient = tf
      .grad((x) => {
        const { heat, place, side } = faceLosses(x as tf.Tensor4D, tf.tensor4d(targets, SHAPE));
        return tf.addN([heat, place, side]);
      })(tf.tensor4d(cells, SHAPE))
      .dataSync();
    for (let i = 0; i < cells.length; i += 7) {
      // 2^-10 is exact in float32.
      const [up, down] = [cells.slice(), cells.slice()];
      up[i]! += 2 ** -10;
      down[i]! -= 2 ** -10;
      const slope = (total(up) - total(down)) / (up[i]! - down[i]!);
      expect(Math.abs(gradient[i]! - slope), `cell value ${i}`).toBeLessThan(1e-3 * Math.max(1, Math.abs(slope)));
    }
  });

  test('of a batch without faces is that of its invented faces alone', () => {
    const output = random(CELLS, 2);
    const losses = faceLosses(tf.tensor4d(output, [1, GRID, GRID, CELL]), tf.zeros([1, GRID, GRID, CELL]));
    let heat = 0;
    for (let i = 0; i < CELLS; i += CELL) {
      const p = 1 / (1 + Math.exp(-output[i]!));
      heat -= p ** 2 * Math.log(1 - p);
    }
    expect(losses.heat.dataSync()[0]! / heat).toBeCloseTo(1, 5);
    expect(losses.place.dataSync()[0]).toBe(0);
    expect(losses.side.dataSync()[0]).toBe(0);
  });
});
