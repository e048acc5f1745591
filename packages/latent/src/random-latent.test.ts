import { expect, test } from 'vitest';
import { normalFromWord } from './normal-quantile.ts';
import { latentFromSeed } from './random-latent.ts';
import { normalDistribution } from './testing/normal-distribution.ts';

/** xoroshiro128+ as Blackman and Vigna define it, in 64-bit integers; yields the low half of each output. */
function* referenceWords(seed: number): Generator<number, never> {
  const scramble = (input: number) => {
    let h = BigInt.asUintN(32, BigInt(input));
    h = BigInt.asUintN(32, (h ^ (h >> 16n)) * 0x85ebca6bn);
    h = BigInt.asUintN(32, (h ^ (h >> 13n)) * 0xc2b2ae35n);
    return h ^ (h >> 16n);
  };
  const rotate = (x: bigint, by: bigint) => BigInt.asUintN(64, (x << by) | (x >> (64n - by)));
  const words = [1, 2, 3, 4].map((k) => scramble(seed + k * 0x9e3779b9));
  let s0 = (words[0]! << 32n) | words[1]!;
  let s1 = (words[2]! << 32n) | words[3]!;
  for (;;) {
    yield Number(BigInt.asUintN(32, s0 + s1));
    s1 ^= s0;
    s0 = rotate(s0, 24n) ^ s1 ^ BigInt.asUintN(64, s1 << 16n);
    s1 = rotate(s1, 37n);
  }
}

test.each([0, 1, 42, 2 ** 31, 2 ** 32 - 1])('seed %d: the words match xoroshiro128+', (seed) => {
  const words = referenceWords(seed);
  const expected = Array.from({ length: 300 }, () => Math.fround(normalFromWord(words.next().value)));
  expect([...latentFromSeed(seed, 300)]).toEqual(expected);
});

/** Moments of z, and the largest distance between its empirical and the normal distribution. */
function describe(z: Float32Array) {
  const count = z.length;
  const moment = (k: number) => z.reduce((sum, value) => sum + value ** k, 0) / count;
  const sorted = Float64Array.from(z).sort();
  const distance = sorted.reduce((largest, value, i) => {
    const p = normalDistribution(value);
    return Math.max(largest, p - i / count, (i + 1) / count - p);
  }, 0);
  return { mean: moment(1), variance: moment(2), skewness: moment(3), kurtosis: moment(4), kolmogorov: distance };
}

/** Each bound is four standard errors of its statistic (Kolmogorov-Smirnov: the 0.01 % point). Seeds are fixed. */
function expectNormal(z: Float32Array) {
  const { mean, variance, skewness, kurtosis, kolmogorov } = describe(z);
  const root = Math.sqrt(z.length);
  expect(Math.abs(mean) * root).toBeLessThan(4);
  expect(Math.abs(variance - 1) * root).toBeLessThan(4 * Math.sqrt(2));
  expect(Math.abs(skewness) * root).toBeLessThan(4 * Math.sqrt(15));
  expect(Math.abs(kurtosis - 3) * root).toBeLessThan(4 * Math.sqrt(96));
  expect(kolmogorov * root).toBeLessThan(2.23);
}

test('one long z is normal', () => expectNormal(latentFromSeed(7, 200_000)));

test('every element of z is normal across neighbouring seeds', () => {
  const latents = Array.from({ length: 20_000 }, (_, seed) => latentFromSeed(seed, 12));
  for (let place = 0; place < 12; place++) expectNormal(Float32Array.from(latents, (z) => z[place]!));
});

test('neighbouring seeds and neighbouring elements are uncorrelated', () => {
  const correlation = (a: Float32Array, b: Float32Array) =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0) / a.length;
  const count = 50_000;
  const z = latentFromSeed(3, count + 1);
  const bound = 4 / Math.sqrt(count);
  expect(Math.abs(correlation(z.subarray(0, count), z.subarray(1)))).toBeLessThan(bound);
  expect(Math.abs(correlation(z.subarray(0, count), latentFromSeed(4, count)))).toBeLessThan(bound);
  const firsts = Float32Array.from({ length: count + 1 }, (_, seed) => latentFromSeed(seed, 1)[0]!);
  expect(Math.abs(correlation(firsts.subarray(0, count), firsts.subarray(1)))).toBeLessThan(bound);
});

test('a longer z starts with the shorter one', () => {
  expect(latentFromSeed(5, 128).subarray(0, 64)).toEqual(latentFromSeed(5, 64));
});

test.each([-1, 0.5, 2 ** 32, Number.NaN])('seed %d is rejected', (seed) => {
  expect(() => latentFromSeed(seed, 4)).toThrow(/0 to 4294967295/);
});

test.each([0, -1, 1.5])('latent size %d is rejected', (size) => {
  expect(() => latentFromSeed(1, size)).toThrow(/at least 1/);
});
