import * as runtime from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { frechetDistance, gaussianOf } from './frechet.ts';
import { type Pictures, pictures, range } from './pictures.ts';
import { RANDOM_FEATURES, RandomFeatures } from './random-features.ts';
import { referencePicture } from './reference-values.fixture.ts';

let network: RandomFeatures;
beforeAll(async () => {
  network = await RandomFeatures.create(runtime);
});
afterAll(() => network.dispose());

const set = (from: number, count: number, size = 64): Pictures =>
  pictures(
    Uint8Array.from(Array.from({ length: count }, (_, i) => [...referencePicture(from + i, size).pixels]).flat()),
    size,
  );

test('the same picture has the same features wherever it stands among others', async () => {
  const all = set(0, 67);
  const together = await network.of(all);
  expect([together.count, together.length]).toEqual([67, RANDOM_FEATURES]);
  const alone = await network.of(range(all, 66, 67));
  const last = together.values.subarray(66 * RANDOM_FEATURES);
  for (const [i, value] of alone.values.entries()) expect(value).toBeCloseTo(last[i]!, 5);
});

test('a picture of 128x128 has the features of its 2x2 means', async () => {
  const small = referencePicture(3, 64);
  const large = new Uint8Array(4 * small.pixels.length);
  for (let i = 0; i < large.length; i++) {
    const [x, y, channel] = [Math.floor(i / 3) % 128, Math.floor(i / 3 / 128), i % 3];
    large[i] = small.pixels[3 * ((y >> 1) * 64 + (x >> 1)) + channel]!;
  }
  expect((await network.of(pictures(large, 128))).values).toEqual((await network.of(small)).values);
});

test('features depend on what a picture shows and where', async () => {
  const [a, b] = [await network.of(set(1, 1)), await network.of(set(2, 1))];
  const norm = Math.hypot(...a.values);
  expect(norm / 16).toBeGreaterThan(0.05);
  expect(Math.hypot(...a.values.map((value, i) => value - b.values[i]!)) / norm).toBeGreaterThan(0.05);
});

test('the distance grows with blur, with noise, and with half of the set missing', async () => {
  const photos = set(0, 64);
  const gaussian = async (all: Pictures) => gaussianOf(await network.of(all));
  const reference = await gaussian(photos);
  const blurred = (times: number) => {
    let { pixels } = photos;
    for (let i = 0; i < times; i++) {
      const before = pixels;
      pixels = before.map((value, at) => (Math.floor(at / 3) % 64 === 63 ? value : (value + before[at + 3]!) / 2));
    }
    return pictures(pixels, 64);
  };
  const noisy = (strength: number) =>
    pictures(
      photos.pixels.map((value, i) => Math.min(255, (value * (100 - strength) + strength * ((i * 7_919) % 256)) / 100)),
      64,
    );
  const distances: number[] = [];
  for (const one of [photos, blurred(1), blurred(4), noisy(10), noisy(40), range(photos, 0, 16)])
    distances.push(frechetDistance(reference, await gaussian(one)));
  const [same, blur, moreBlur, noise, moreNoise, missing] = distances as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  expect(same).toBeLessThan(1e-4);
  expect(blur).toBeGreaterThan(10 * same);
  expect(moreBlur).toBeGreaterThan(2 * blur);
  expect(noise).toBeGreaterThan(10 * same);
  expect(moreNoise).toBeGreaterThan(2 * noise);
  expect(missing).toBeGreaterThan(10 * same);
});
