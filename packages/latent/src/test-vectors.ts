/**
 * @module The seed -> z contract as data, for tests in every runtime.
 *
 * @example
 * import { checkTestVectors } from '@latent-dogs/latent/test-vectors';
 * expect(checkTestVectors()).toEqual([]);
 */

import { latentFromSeed } from './random-latent.ts';
import { parseSeed } from './seed.ts';
import testVectors from './test-vectors.json' with { type: 'json' };
import { hashBytes } from './text-hash.ts';

/** A seed and latent size, and the z they must give. */
interface TestVector {
  /** The seed as a user writes it. */
  text: string;
  /** Its unsigned 32-bit integer. */
  seed: number;
  latentSize: number;
  /** IEEE 754 bits of z[0], 8 hexadecimal digits. */
  first: string;
  /** IEEE 754 bits of z[latentSize - 1]. */
  last: string;
  /** 32-bit FNV-1a of z as little-endian float32 bytes, 8 hexadecimal digits. */
  digest: string;
}

const hexadecimal = (word: number) => word.toString(16).padStart(8, '0');

/** The test vector that this runtime computes for a seed and a latent size. */
function computeTestVector(text: string, latentSize: number): TestVector {
  const seed = parseSeed(text);
  const z = latentFromSeed(seed, latentSize);
  const bytes = new DataView(new ArrayBuffer(4 * latentSize));
  z.forEach((value, i) => {
    bytes.setFloat32(4 * i, value, true);
  });
  return {
    text,
    seed,
    latentSize,
    first: hexadecimal(bytes.getUint32(0, true)),
    last: hexadecimal(bytes.getUint32(4 * (latentSize - 1), true)),
    digest: hexadecimal(hashBytes(new Uint8Array(bytes.buffer))),
  };
}

/** The vectors every runtime must reproduce. Never change one: shared links and pictures depend on them. */
export const TEST_VECTORS: readonly TestVector[] = testVectors;

/** Computes all vectors and describes every difference; empty if this runtime reproduces them all. */
export function checkTestVectors(): string[] {
  return TEST_VECTORS.flatMap((expected) => {
    const actual = computeTestVector(expected.text, expected.latentSize);
    return (['seed', 'first', 'last', 'digest'] as const)
      .filter((field) => actual[field] !== expected[field])
      .map(
        (field) =>
          `seed "${expected.text}", size ${expected.latentSize}: ${field} ${actual[field]}, not ${expected[field]}`,
      );
  });
}
