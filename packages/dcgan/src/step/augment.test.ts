import { UniformStream } from '@latent-dogs/latent';
import { compile } from '@latent-dogs/tfjs-onnx';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as runtime from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AugmentPolicy, appliedWithProbability, augment, drawAugmentations, drawGates } from './augment.ts';

beforeAll(() => tf.setBackend('cpu').then(() => {}));

const SIZE = 16;
const REACH = 2;

/** Brightness, saturation, contrast, shift down and right, row and column of the cutout's centre. */
type Draw = [number, number, number, number, number, number, number];

/** A picture [size, size, 3] without two equal regions. */
const picture = (n: number): number[] =>
  Array.from({ length: SIZE * SIZE * 3 }, (_, i) => Math.fround(Math.sin(1 + i * 1.7 + n * 0.9 + (i % 3) * 0.4)));

const place = (row: number, column: number, channel: number) => (row * SIZE + column) * 3 + channel;
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** DiffAugment (arXiv:2006.10738, appendix) pixel by pixel. */
function direct(x: number[], draw: Draw, policies: readonly AugmentPolicy[]): number[] {
  const [brightness, saturation, contrast, down, right, centreRow, centreColumn] = draw;
  let y = x;
  if (policies.includes('color')) {
    y = y.map((value) => value + brightness);
    y = y.map((value, i) => {
      const pixel = Math.floor(i / 3) * 3;
      const grey = (y[pixel]! + y[pixel + 1]! + y[pixel + 2]!) / 3;
      return grey + saturation * (value - grey);
    });
    const level = mean(y);
    y = y.map((value) => level + contrast * (value - level));
  }
  const moved = (values: number[], f: (row: number, column: number, channel: number) => number) =>
    values.map((_, i) => f(Math.floor(i / 3 / SIZE), Math.floor(i / 3) % SIZE, i % 3));
  if (policies.includes('translation')) {
    const before = y;
    y = moved(y, (row, column, channel) => {
      const [fromRow, fromColumn] = [row - down, column - right];
      const inside = fromRow >= 0 && fromRow < SIZE && fromColumn >= 0 && fromColumn < SIZE;
      return inside ? before[place(fromRow, fromColumn, channel)]! : 0;
    });
  }
  if (policies.includes('cutout')) {
    // A square of half the side: its first row is a quarter of the side above the centre.
    const [top, left] = [centreRow - SIZE / 4, centreColumn - SIZE / 4];
    const before = y;
    y = moved(y, (row, column, channel) => {
      const cut = row >= top && row < top + SIZE / 2 && column >= left && column < left + SIZE / 2;
      return cut ? 0 : before[place(row, column, channel)]!;
    });
  }
  return y;
}

/** No change; both ends of every range; and numbers in between. Three pictures are a batch. */
const DRAWS: Record<string, Draw[]> = {
  'no change of colour and place': [
    [0, 1, 1, 0, 0, 8, 8],
    [0, 1, 1, 0, 0, 0, 0],
    [0, 1, 1, 0, 0, SIZE, SIZE],
  ],
  'the least of all draws': [
    [-0.5, 0, 0.5, -REACH, -REACH, 0, 0],
    [-0.5, 1, 1, -REACH, 0, 0, 5],
    [0, 0, 1, 0, -REACH, 5, 0],
  ],
  'the most of all draws': [
    [0.5, 2, 1.5, REACH, REACH, SIZE, SIZE],
    [0, 2, 1, REACH, 0, SIZE, 5],
    [0, 1, 1.5, 0, REACH, 5, SIZE],
  ],
  'draws in between': [
    [0.3, 0.4, 1.2, 1, -2, 3, 12],
    [-0.1, 1.7, 0.6, -1, 1, 11, 2],
    [0.2, 1.1, 0.9, 2, -1, 7, 9],
  ],
};

const POLICIES: AugmentPolicy[][] = [[], ['color'], ['translation'], ['cutout'], ['color', 'translation', 'cutout']];

describe.each(Object.entries(DRAWS))('%s', (_, draws) => {
  test.each(POLICIES.map((policies) => ({ policies })))('$policies, pixel by pixel', ({ policies }) => {
    const x = draws.map((_draw, n) => picture(n));
    const actual = tf.tidy(() =>
      augment(tf.tensor4d(x.flat(), [3, SIZE, SIZE, 3]), tf.tensor2d(draws), policies).dataSync(),
    );
    const expected = draws.flatMap((draw, n) => direct(x[n]!, draw, policies));
    // Numbers up to 4 in float32.
    for (const [i, value] of expected.entries()) expect(Math.abs(actual[i]! - value), `${i}`).toBeLessThan(2e-6);
  });
});

test.each([16, 64, 128])('draws for pictures of %i pixels have the ranges of the paper, both ends included', (size) => {
  const N = 20_000;
  const draws = drawAugmentations(new UniformStream(3), N, size);
  const column = (index: number) => Array.from({ length: N }, (_, i) => draws[i * 7 + index]!);
  // Uniform: its ends are reached within 1e-3 of the width, and its mean is off by 5 standard errors at most.
  const continuous: [number, number, number][] = [
    [0, -0.5, 0.5],
    [1, 0, 2],
    [2, 0.5, 1.5],
  ];
  for (const [index, from, to] of continuous) {
    const values = column(index);
    const width = to - from;
    expect(Math.min(...values)).toBeGreaterThanOrEqual(from);
    expect(Math.min(...values)).toBeLessThan(from + width * 1e-3);
    expect(Math.max(...values)).toBeLessThanOrEqual(to);
    expect(Math.max(...values)).toBeGreaterThan(to - width * 1e-3);
    expect(Math.abs(mean(values) - (from + to) / 2)).toBeLessThan((5 * width) / Math.sqrt(12 * N));
  }
  // Whole numbers, all of them: shifts up to an eighth of the side, centres of cutouts from edge to edge.
  const whole: [number, number, number][] = [
    [3, -size / 8, size / 8],
    [4, -size / 8, size / 8],
    [5, 0, size],
    [6, 0, size],
  ];
  for (const [index, from, to] of whole) {
    const values = [...new Set(column(index))].sort((a, b) => a - b);
    expect(values).toEqual(Array.from({ length: to - from + 1 }, (_, i) => from + i));
  }
});

const ALL: AugmentPolicy[] = ['color', 'translation', 'cutout'];

/** `augment` on pictures [N, 16, 16, 3], by TF.js's own backend and by ONNX Runtime. */
async function augmented(x: number[], draws: Float32Array, policies: AugmentPolicy[]): Promise<Float32Array[]> {
  const N = draws.length / 7;
  const eager = tf.tidy(() => {
    const pictures = tf.tensor4d(x, [N, SIZE, SIZE, 3]);
    return augment(pictures, tf.tensor2d(draws, [N, 7]), policies).dataSync() as Float32Array;
  });
  const program = await compile(
    (_, inputs) => ({ outputs: { y: augment(inputs['x'] as tf.Tensor4D, inputs['draws']!, policies) } }),
    { runtime, inputs: { x: { shape: [N, SIZE, SIZE, 3] }, draws: { shape: [N, 7] } } },
  );
  const { y } = await program.run({ x: Float32Array.from(x), draws });
  await program.dispose();
  return [eager, y!.data as Float32Array];
}

test('a policy whose gate is closed leaves its picture exactly as it is, and the others as they would be', async () => {
  // Every combination of open and closed gates, one a picture. Random pictures, so that any rounding shows.
  const open = Array.from({ length: 8 }, (_, n) => ALL.map((_policy, bit) => ((n >> bit) & 1) === 1));
  const gates = Float64Array.from(open.flat(), (isOpen) => (isOpen ? 0.29 : 0.3));
  const uniforms = new UniformStream(5);
  const draws = drawAugmentations(uniforms, 8, SIZE);
  const pictures = open.map(() => Array.from({ length: SIZE * SIZE * 3 }, () => Math.fround(2 * uniforms.next() - 1)));
  const actual = await augmented(pictures.flat(), appliedWithProbability(0.3, draws, gates, SIZE), ALL);
  for (const [n, isOpen] of open.entries()) {
    const policies = ALL.filter((_, bit) => isOpen[bit]);
    const expected = policies.length > 0 ? await augmented(pictures.flat(), draws, policies) : null;
    for (const [backend, values] of actual.entries()) {
      const own = (data: ArrayLike<number>) => Array.from(data).slice(n * SIZE * SIZE * 3, (n + 1) * SIZE * SIZE * 3);
      expect(own(values), `${policies}`).toEqual(own(expected?.[backend] ?? pictures.flat()));
    }
  }
});

test('for p = 1 draws are unchanged, and for p = 0 no picture is', async () => {
  const draws = drawAugmentations(new UniformStream(3), 500, SIZE);
  const gates = drawGates(new UniformStream(4), 500);
  // The largest number that a stream can give.
  gates[7] = 1 - 2 ** -53;
  expect(appliedWithProbability(1, draws, gates, SIZE)).toEqual(draws);
  const none = appliedWithProbability(0, draws, gates, SIZE).subarray(0, 7 * 4);
  const x = [0, 1, 2, 3].flatMap(picture);
  for (const values of await augmented(x, none, ALL)) expect([...values]).toEqual(x);
});

test.each([0.1, 0.5, 0.8])('each policy of each picture is applied with probability %f, independently', (p) => {
  const [N, size] = [20_000, 64];
  const gates = drawGates(new UniformStream(8), N);
  const draws = appliedWithProbability(p, drawAugmentations(new UniformStream(3), N, size), gates, size);
  const identity = [
    [0, 1, 1],
    [0, 0],
    [-size, -size],
  ];
  const same = Array.from({ length: N }, (_, n) => {
    const draw = draws.subarray(n * 7, n * 7 + 7);
    return [draw.subarray(0, 3), draw.subarray(3, 5), draw.subarray(5, 7)].map((part, policy) =>
      part.every((value, i) => value === identity[policy]![i]),
    );
  });
  // A shift is 0 in both directions by chance too, in one of 17² draws.
  const chances = [1 - p, 1 - p + p / 17 ** 2, 1 - p];
  const binomial = (count: number, chance: number) =>
    expect(Math.abs(count - N * chance)).toBeLessThan(5 * Math.sqrt(N * chance * (1 - chance)));
  for (const [policy, chance] of chances.entries()) {
    binomial(same.filter((picture) => picture[policy]).length, chance);
    // Both this policy and the next one.
    const next = (policy + 1) % 3;
    binomial(same.filter((picture) => picture[policy] && picture[next]).length, chance * chances[next]!);
    // This picture and the next one.
    binomial(same.filter((picture, n) => picture[policy] && same[(n + 1) % N]![policy]).length, chance ** 2);
  }
});
