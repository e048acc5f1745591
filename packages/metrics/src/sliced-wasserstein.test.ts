// @module-tag slow

import { deriveSeed, NormalStream, UniformStream } from '@latent-dogs/latent';
import * as runtime from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { laplacianLevels } from './laplacian-pyramid.ts';
import { type Pictures, pictures } from './pictures.ts';
import { referencePicture } from './reference-values.fixture.ts';
import { SlicedWasserstein, slicedWassersteinDistance } from './sliced-wasserstein.ts';

const SEED = 3;

let sliced: SlicedWasserstein;
beforeAll(async () => {
  sliced = await SlicedWasserstein.create(runtime, SEED);
});
afterAll(() => sliced.dispose());

const set = (...numbers: number[]): Pictures =>
  pictures(Uint8Array.from(numbers.flatMap((n) => [...referencePicture(n, 64).pixels])), 64);
const several = (from: number, count: number) => set(...Array.from({ length: count }, (_, i) => from + i));

async function distance(a: Pictures, b: Pictures) {
  return slicedWassersteinDistance(await sliced.describe(a, 'photos'), await sliced.describe(b, 'fakes'));
}

/** The protocol as the paper says it: patches one by one, projections by sums, distances by sorting. */
function straightforward(a: Pictures, b: Pictures): Record<string, number> {
  const random = new NormalStream(deriveSeed(SEED, 'directions')).fill(new Float32Array(512 * 147));
  const levels = (all: Pictures) => [...laplacianLevels(Float32Array.from(all.pixels), 64, 16)];
  const levelsB = levels(b);
  const distances = levels(a).map(({ size, pixels }, level) => {
    const projected = (
      [
        [a, pixels, 'photos'],
        [b, levelsB[level]!.pixels, 'fakes'],
      ] as const
    ).map(([all, of, purpose]) => {
      const stream = new UniformStream(deriveSeed(SEED, `${purpose} ${size}`));
      const patches: number[][][] = [];
      for (let picture = 0; picture < all.count; picture++) {
        for (let i = 0; i < 128; i++) {
          const [top, left] = [stream.nextInt(size - 6), stream.nextInt(size - 6)];
          patches.push(
            [0, 1, 2].map((channel) =>
              Array.from({ length: 49 }, (_, at) => {
                const [y, x] = [top + Math.floor(at / 7), left + (at % 7)];
                return of[((picture * size + y) * size + x) * 3 + channel]!;
              }),
            ),
          );
        }
      }
      const scales = [0, 1, 2].map((channel) => {
        const values = patches.flatMap((patch) => patch[channel]!);
        const mean = values.reduce((sum, value) => sum + value) / values.length;
        return {
          mean,
          deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length),
        };
      });
      const normalised = patches.map((patch) =>
        patch.flatMap((values, channel) =>
          values.map((value) => (value - scales[channel]!.mean) / scales[channel]!.deviation),
        ),
      );
      return Array.from({ length: 512 }, (_, direction) => {
        const vector = [...random.subarray(direction * 147, (direction + 1) * 147)];
        const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
        const projections = normalised.map((patch) =>
          patch.reduce((sum, value, i) => sum + (value * vector[i]!) / length, 0),
        );
        return projections.sort((one, other) => one - other);
      });
    });
    const [x, y] = projected as [number[][], number[][]];
    const each = x.map((line, i) => line.reduce((sum, value, j) => sum + Math.abs(value - y[i]![j]!), 0) / line.length);
    return [String(size), (1_000 * each.reduce((sum, value) => sum + value)) / 512] as const;
  });
  return Object.fromEntries(distances);
}

test('is the protocol of the paper', async () => {
  const [a, b] = [several(1, 3), several(20, 3)];
  const { mean, ...levels } = await distance(a, b);
  const expected = straightforward(a, b);
  expect(Object.keys(levels)).toEqual(['16', '32', '64']);
  for (const [level, value] of Object.entries(levels)) expect(value / expected[level]!).toBeCloseTo(1, 3);
  expect(mean).toBeCloseTo((levels['16']! + levels['32']! + levels['64']!) / 3, 9);
});

describe('says where the difference is', () => {
  const photos = several(0, 16);

  test('the finest level sees blur, the coarsest hardly', async () => {
    const blurred = pictures(photos.pixels.slice(), 64);
    for (let row = 0; row < blurred.pixels.length; row += 3 * 64)
      for (let i = row; i < row + 3 * 63; i++) blurred.pixels[i] = (photos.pixels[i]! + photos.pixels[i + 3]!) / 2;
    const same = await distance(photos, photos);
    const blur = await distance(photos, blurred);
    expect(blur['64']! / same['64']!).toBeGreaterThan(1.7);
    expect(blur['64']!).toBeGreaterThan(1.7 * blur['16']!);
  });

  test('overall colour and contrast do not count, by the protocol', async () => {
    const paler = pictures(
      photos.pixels.map((value) => 100 + value / 2),
      64,
    );
    const { mean } = await distance(photos, paler);
    expect(mean).toBeLessThan(1.5 * (await distance(photos, photos))['mean']!);
  });

  test('pictures of one colour have a distance too', async () => {
    const { mean } = await distance(photos, pictures(new Uint8Array(photos.pixels.length).fill(9), 64));
    expect(mean).toBeGreaterThan(100);
  });
});
