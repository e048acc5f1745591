import { expect, test } from 'vitest';
import { doubled, laplacianLevels } from './laplacian-pyramid.ts';
import { pyramidPlaces, reference, referencePicture } from './reference-values.fixture.ts';

test('levels are those of scipy with the filter and borders of Progressive GAN', () => {
  const planes = Float32Array.from(referencePicture(1, 64).pixels);
  const levels = [...laplacianLevels(planes, 64, 16)];
  expect(levels.map(({ size }) => size)).toEqual(reference.pyramid.map(({ size }) => size));
  for (const [i, { size, planes: level }] of levels.entries()) {
    const { values, absolute } = reference.pyramid[i]!;
    for (const [at, place] of pyramidPlaces(size).entries()) expect(level[place]).toBeCloseTo(values[at]!, 2);
    expect(level.reduce((sum, value) => sum + Math.abs(value), 0) / absolute).toBeCloseTo(1, 5);
  }
});

test('the levels add up to the picture again', () => {
  const planes = Float32Array.from(referencePicture(2, 128).pixels);
  const whole = [...laplacianLevels(planes, 128, 16)]
    .reverse()
    .reduce<Float32Array | null>((sum, { size, planes: level }) => {
      const coarse = sum && doubled(sum, size / 2);
      return level.map((value, i) => value + (coarse?.[i] ?? 0));
    }, null)!;
  for (const [i, value] of whole.entries()) if (Math.abs(value - planes[i]!) > 1e-3) expect(value).toBe(planes[i]);
  expect(whole).toHaveLength(planes.length);
});
