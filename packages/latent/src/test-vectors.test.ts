import { expect, test } from 'vitest';
import { latentFromSeed } from './random-latent.ts';
import { checkTestVectors, TEST_VECTORS } from './test-vectors.ts';

test('this runtime reproduces every vector', () => {
  expect(TEST_VECTORS.length).toBeGreaterThanOrEqual(60);
  expect(checkTestVectors()).toEqual([]);
});

test('a vector fixes the bits of z, for numbers and texts', () => {
  for (const { seed, latentSize, first, last } of TEST_VECTORS) {
    const z = latentFromSeed(seed, latentSize);
    const bits = new Uint32Array(z.buffer);
    expect([bits[0], bits.at(-1)]).toEqual([Number.parseInt(first, 16), Number.parseInt(last, 16)]);
  }
});

test('a changed value is detected', () => {
  const vector = TEST_VECTORS[1]! as { digest: string; last: string };
  const { digest, last } = vector;
  try {
    vector.digest = '00000000';
    vector.last = '00000001';
    expect(checkTestVectors()).toEqual([
      `seed "0", size 64: last ${last}, not 00000001`,
      `seed "0", size 64: digest ${digest}, not 00000000`,
    ]);
  } finally {
    Object.assign(vector, { digest, last });
  }
});
