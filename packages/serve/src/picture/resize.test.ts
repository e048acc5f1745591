import { expect, test } from 'vitest';
import { compileCodecs } from '../node/compile-codecs.ts';
import type { Picture } from './picture.ts';

const { resize } = await compileCodecs();

/** A smooth opaque picture with one hard edge. */
function scene(size: number): Picture {
  const data = new Uint8ClampedArray(4 * size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = 4 * (y * size + x);
      data[at] = 128 + 100 * Math.sin(x / 2) * Math.cos(y / 3);
      data[at + 1] = x > y ? 220 : 30;
      data[at + 2] = (255 * x) / size;
      data[at + 3] = 255;
    }
  }
  return { data, width: size, height: size };
}

/** Lanczos kernel with three lobes (Duchon 1979). */
const lanczos = (x: number) => {
  if (x === 0) return 1;
  if (Math.abs(x) >= 3) return 0;
  return (3 * Math.sin(Math.PI * x) * Math.sin((Math.PI * x) / 3)) / (Math.PI * x) ** 2;
};

/** Lanczos by definition: each target pixel is a weighted mean of the source pixels around its centre. */
function lanczosByDefinition({ data, width }: Picture, size: number): number[] {
  const ratio = width / size;
  const stretch = Math.max(1, ratio);
  const taps = Array.from({ length: size }, (_, target) => {
    const weights = Array.from({ length: width }, (_, source) =>
      lanczos((source + 0.5 - (target + 0.5) * ratio) / stretch),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / sum);
  });
  const at = (x: number, y: number, channel: number) => {
    let value = 0;
    for (let row = 0; row < width; row++) {
      if (taps[y]![row] === 0) continue;
      for (let column = 0; column < width; column++) {
        value += taps[y]![row]! * taps[x]![column]! * data[4 * (row * width + column) + channel]!;
      }
    }
    return Math.min(255, Math.max(0, value));
  };
  return Array.from({ length: 4 * size * size }, (_, i) =>
    at(Math.floor(i / 4) % size, Math.floor(i / 4 / size), i % 4),
  );
}

test.each([
  [16, 40],
  [16, 64],
  [48, 32],
])('lanczos from %i to %i pixels matches its definition', async (from, to) => {
  const picture = scene(from);
  const { data, width, height } = await resize(picture, to, 'lanczos');
  expect([width, height]).toEqual([to, to]);
  const expected = lanczosByDefinition(picture, to);
  const differences = Array.from(data, (value, i) => Math.abs(value - expected[i]!));
  expect(Math.max(...differences)).toBeLessThanOrEqual(1.5);
});

test('nearest repeats every pixel exactly', async () => {
  const picture = scene(16);
  const { data } = await resize(picture, 64, 'nearest');
  for (let y = 0; y < 64; y++) {
    for (let x = 0; x < 64; x++) {
      const source = 4 * (Math.floor(y / 4) * 16 + Math.floor(x / 4));
      const target = 4 * (y * 64 + x);
      expect(data.subarray(target, target + 4)).toEqual(picture.data.subarray(source, source + 4));
    }
  }
});

test.each(['lanczos', 'nearest'] as const)('%s returns a picture of the same size unchanged', async (filter) => {
  const picture = scene(16);
  expect((await resize(picture, 16, filter)).data).toEqual(picture.data);
});
