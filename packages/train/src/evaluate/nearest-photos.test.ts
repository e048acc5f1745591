import {
  type Memorisation,
  mirrored,
  nearestByFeatures,
  nearestPhotos,
  pictures,
  readPictures,
  rows,
} from '@latent-dogs/metrics';
import * as runtime from 'onnxruntime-node';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Dataset } from '../data/dataset.ts';
import { drawDog } from '../data/drawn-dogs/svg.ts';
import { dogTraits } from '../data/drawn-dogs/traits.ts';

const COUNT = 130;

async function dog(index: number): Promise<Uint8Array> {
  return sharp(Buffer.from(drawDog(dogTraits(5, index), 64)))
    .removeAlpha()
    .raw()
    .toBuffer();
}

let all: Uint8Array[];
let dataset: Dataset;
beforeAll(async () => {
  all = await Promise.all(Array.from({ length: COUNT + 20 }, (_, i) => dog(i)));
  dataset = {
    name: 'dogs',
    count: COUNT,
    size: 64,
    fingerprint: '',
    distinct: 0,
    skipped: [],
    skippedCounts: {},
    skippedList: '',
    read: async (indices, out) => {
      for (const [i, index] of Array.from(indices).entries()) out.set(all[index]!, i * 12_288);
    },
    close: async () => {},
  };
});

const held = Array.from({ length: 60 }, (_, i) => 2 * i);
const set = (...each: Uint8Array[]) => pictures(Uint8Array.from(each.flatMap((one) => [...one])), 64);

/** Shifted right by `distance` pixels, repeating the left edge. */
const shifted = (pixels: Uint8Array, distance: number) =>
  pixels.map((_, i) => pixels[i - 3 * Math.min(distance, Math.floor(i / 3) % 64)]!);

describe('a copy is found, and is closer than photos are to each other', () => {
  let result: Memorisation;
  beforeAll(async () => {
    const copies = [
      all[7]!,
      shifted(all[33]!, 2),
      mirrored(set(all[101]!)).pixels,
      all[128]!.map((value, i) => Math.min(255, value * 0.95 + ((i * 37) % 9))),
    ];
    result = await nearestPhotos(runtime, dataset, set(...copies, ...all.slice(COUNT)), held);
  });

  test.each([
    ['itself', 0, 7],
    ['shifted by two pixels', 1, 33],
    ['mirrored', 2, 101],
    ['noisy and darker', 3, 128],
  ])('%s', (_, generated, photo) => {
    expect(result.nearest[generated]!.photo).toBe(photo);
    expect(result.nearest[generated]!.distance).toBeLessThan(0.65 * result.medianPhotos);
  });

  test('new dogs are as far from photos as photos are', () => {
    expect(result.nearest).toHaveLength(24);
    expect(result.median / result.medianPhotos).toBeGreaterThan(0.6);
    expect(result.median / result.medianPhotos).toBeLessThan(1.4);
    expect(result.medianPhotos).toBeGreaterThan(0.1);
    expect(result.medianPhotos).toBeLessThan(1);
  });
});

test('photos are never compared with themselves', async () => {
  const generated = await readPictures(dataset, held);
  const { median, medianPhotos, nearCopies } = await nearestPhotos(runtime, dataset, generated, held);
  expect(median).toBeLessThan(0.01);
  expect(medianPhotos).toBeGreaterThan(0.1);
  expect(nearCopies).toBe(1);
});

test('by features: the nearest row, with its index in the dataset', async () => {
  const photos = rows(Float32Array.of(0, 0, 3, 0, 0, 9, 50, 50), 2);
  const fakes = rows(Float32Array.of(3.5, 0, 0, 7), 2);
  const { nearest, median, medianPhotos } = await nearestByFeatures(runtime, fakes, photos, [10, 11, 12, 13]);
  expect(nearest.map(({ photo }) => photo)).toEqual([11, 12]);
  expect(nearest[0]!.distance).toBeCloseTo(0.5, 4);
  expect(median).toBeCloseTo(2, 4);
  // To the nearest other: 3, 3, 9, 64.7.
  expect(medianPhotos).toBeCloseTo(9, 3);
});
