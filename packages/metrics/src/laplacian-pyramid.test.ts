import { expect, test } from 'vitest';
import { doubled, laplacianLevels } from './laplacian-pyramid.ts';
import { pyramidPlaces, reference, referencePicture } from './reference-values.fixture.ts';

test('levels are those of scipy with the filter and borders of Progressive GAN', () => {
  const pixels = Float32Array.from(referencePicture(1, 64).pixels);
  const levels = [...laplacianLevels(pixels, 64, 16)];
  expect(levels.map(({ size }) => size)).toEqual(reference.pyramid.map(({ size }) => size));
  for (const [i, { size, pixels: level }] of levels.entries()) {
    const { values, absolute } = reference.pyramid[i]!;
    for (const [at, place] of pyramidPlaces(size).entries()) expect(level[place]).toBeCloseTo(values[at]!, 2);
    expect(level.reduce((sum, value) => sum + Math.abs(value), 0) / absolute).toBeCloseTo(1, 5);
  }
});

test('the levels add up to the picture again', () => {
  const picture = Float32Array.from(referencePicture(2, 128).pixels);
  const whole = [...laplacianLevels(picture, 128, 16)]
    .reverse()
    .reduce<Float32Array | null>((sum, { size, pixels: level }) => {
      const coarse = sum && doubled(sum, size / 2);
      return level.map((value, i) => value + (coarse?.[i] ?? 0));
    }, null)!;
  for (const [i, value] of whole.entries()) if (Math.abs(value - picture[i]!) > 1e-3) expect(value).toBe(picture[i]);
  expect(whole).toHaveLength(picture.length);
});
