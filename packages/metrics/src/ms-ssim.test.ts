import { expect, test } from 'vitest';
import { meanMsSsim, msSsim } from './ms-ssim.ts';
import { pictures } from './pictures.ts';
import { reference, referencePicture } from './reference-values.fixture.ts';

test.each(reference.msSsim)(
  'of pictures $first and $second at $size it is what scipy says',
  ({ first, second, size, value }) => {
    const similarity = msSsim(referencePicture(first, size).pixels, referencePicture(second, size).pixels, size);
    expect(similarity).toBeCloseTo(value, 5);
  },
);

test('of another contrast and brightness it is what scipy says', () => {
  const { pixels } = referencePicture(1, 64);
  const paler = pixels.map((value) => Math.floor((value * 3) / 4) + 20);
  expect(msSsim(pixels, paler, 64)).toBeCloseTo(reference.msSsimContrast, 5);
});

/** SSIM of one scale and channel, every window summed by itself. */
function ssimByWindows(a: Uint8Array, b: Uint8Array, size: number): number {
  const weights = Array.from({ length: 11 }, (_, i) => Math.exp(-((i - 5) ** 2) / (2 * 1.5 ** 2)));
  const all = weights.reduce((sum, weight) => sum + weight) ** 2;
  let total = 0;
  for (let top = 0; top <= size - 11; top++) {
    for (let left = 0; left <= size - 11; left++) {
      const expectation = (of: (i: number) => number) => {
        let sum = 0;
        for (let y = 0; y < 11; y++)
          for (let x = 0; x < 11; x++) sum += (weights[y]! * weights[x]! * of((top + y) * size + left + x)) / all;
        return sum;
      };
      const [mx, my] = [expectation((i) => a[i]!), expectation((i) => b[i]!)];
      const vx = expectation((i) => (a[i]! - mx) ** 2);
      const vy = expectation((i) => (b[i]! - my) ** 2);
      const covariance = expectation((i) => (a[i]! - mx) * (b[i]! - my));
      total +=
        ((2 * mx * my + 6.5025) * (2 * covariance + 58.5225)) / ((mx ** 2 + my ** 2 + 6.5025) * (vx + vy + 58.5225));
    }
  }
  return total / (size - 10) ** 2;
}

test('where all but the last scale are equal, it is the last one’s SSIM to the power of its weight', () => {
  // 176 halves four times to 11: one window. Blocks of 16x16 that differ in brightness alone differ at every scale alike,
  // so the finer scales' contrast is 1 only for pictures that differ by a constant.
  const size = 176;
  const a = new Uint8Array(3 * size * size).map((_, i) => 60 + ((Math.floor(i / 3) % size) % 3));
  const b = a.map((value) => value + 70);
  const means = (picture: Uint8Array) => {
    let [current, side] = [Float64Array.from(picture.filter((_, i) => i % 3 === 0)), size];
    for (; side > 11; side /= 2)
      current = Float64Array.from({ length: current.length / 4 }, (_, i) => {
        const at = 2 * Math.floor(i / (side / 2)) * side + 2 * (i % (side / 2));
        return (current[at]! + current[at + 1]! + current[at + side]! + current[at + side + 1]!) / 4;
      });
    return current as unknown as Uint8Array;
  };
  expect(msSsim(a, b, size)).toBeCloseTo(ssimByWindows(means(a), means(b), 11) ** 0.1333, 6);
});

test('of a set: 1 where all are the same picture, and never a picture with itself', () => {
  const same = pictures(Uint8Array.from([1, 1, 1].flatMap((n) => [...referencePicture(n, 64).pixels])), 64);
  expect(meanMsSsim(same, 5, 1)).toBeCloseTo(1, 9);
  const two = pictures(Uint8Array.from([1, 2].flatMap((n) => [...referencePicture(n, 64).pixels])), 64);
  expect(meanMsSsim(two, 7, 1)).toBeCloseTo(reference.msSsim[0]!.value, 5);
});
