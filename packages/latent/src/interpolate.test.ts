import { describe, expect, test } from 'vitest';
import { slerp, slerpPath, truncate } from './interpolate.ts';
import { latentFromSeed } from './random-latent.ts';
import { UserError } from './user-error.ts';

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
const norm = (z: ArrayLike<number>) => Math.hypot(...Array.from(z));
const angle = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.acos(Math.min(1, Math.max(-1, dot(a, b) / norm(a) / norm(b))));
const unit = (z: Float32Array) => z.map((value) => value / norm(z));

/** The same point computed by rotating `a` towards `b` in their plane (Gram-Schmidt), without White's weights. */
function rotated(a: Float32Array, b: Float32Array, t: number): number[] {
  const along = dot(a, b) / dot(a, a);
  const aside = Array.from(b, (value, i) => value - along * a[i]!);
  const turn = t * angle(a, b);
  const scale = (norm(a) * Math.sin(turn)) / norm(aside);
  return Array.from(a, (value, i) => Math.cos(turn) * value + scale * aside[i]!);
}

describe('slerp', () => {
  const a = unit(latentFromSeed(1, 100));
  const b = unit(latentFromSeed(2, 100));

  test.each([0.01, 0.25, 0.5, 0.9])('of unit vectors rotates a by t times their angle: t = %d', (t) => {
    const z = slerp(a, b, t);
    expect(norm(z)).toBeCloseTo(1, 6);
    expect(angle(a, z)).toBeCloseTo(t * angle(a, b), 6);
    const expected = rotated(a, b, t);
    for (let i = 0; i < z.length; i++) expect(z[i]).toBeCloseTo(expected[i]!, 6);
  });

  test.each([
    [
      [1, 0],
      [0, 1],
    ],
    [
      [3, 0],
      [0, 3],
    ],
    [
      [1, 0],
      [1, 1],
    ],
    [
      [1, 0],
      [-1, 0.001],
    ],
    [
      [1, 0],
      [1, 0.001],
    ],
  ])('halfway from %j to %j lies at half their angle', (from, to) => {
    const [start, end] = [unit(Float32Array.from(from)), unit(Float32Array.from(to))];
    const z = slerp(start, end, 0.5);
    const half = Math.atan2(to[1]!, to[0]!) / 2;
    expect(z[0]).toBeCloseTo(Math.cos(half), 6);
    expect(z[1]).toBeCloseTo(Math.sin(half), 6);
  });

  test('weights vectors of different norms as White does', () => {
    const z = slerp(Float32Array.of(2, 0), Float32Array.of(0, 4), 1 / 3);
    expect(z[0]).toBeCloseTo(2 * Math.sin(Math.PI / 3), 6);
    expect(z[1]).toBeCloseTo(4 * Math.sin(Math.PI / 6), 6);
  });

  test('keeps the norm typical of N(0, I), where a straight line loses almost a third', () => {
    const [from, to] = [latentFromSeed(3, 512), latentFromSeed(4, 512)];
    const middle = slerp(from, to, 0.5);
    expect(norm(middle)).toBeGreaterThan(0.97 * Math.min(norm(from), norm(to)));
    expect(norm(from.map((value, i) => (value + to[i]!) / 2))).toBeLessThan(0.8 * norm(from));
  });

  test('returns exact copies of a and b at the ends', () => {
    const [start, end] = [slerp(a, b, 0), slerp(a, b, 1)];
    expect([start, end]).toEqual([a, b]);
    const opposite = a.map((value) => -3.3 * value);
    expect([slerp(a, opposite, 0), slerp(a, opposite, 1)]).toEqual([a, opposite]);
    start.fill(0);
    end.fill(0);
    expect([norm(a), norm(b)].every((value) => value > 0.9)).toBe(true);
  });

  test('of parallel vectors is linear', () => {
    const z = slerp(
      a,
      a.map((value) => 3 * value),
      0.25,
    );
    for (let i = 0; i < z.length; i++) expect(z[i]).toBeCloseTo(1.5 * a[i]!, 6);
    expect(slerp(a, a, 0.3)).toEqual(a);
  });

  test.each([1, 3])('of opposite vectors is a half circle whose radius goes from 1 to %d', (factor) => {
    const opposite = a.map((value) => -factor * value);
    let previous: Float32Array = a;
    for (let step = 1; step <= 16; step++) {
      const z = slerp(a, opposite, step / 16);
      expect(norm(z)).toBeCloseTo(1 + ((factor - 1) * step) / 16, 5);
      expect(angle(previous, z)).toBeCloseTo(Math.PI / 16, 5);
      previous = z;
    }
  });

  test.each([1e-2, 1e-3, 1e-5, 1e-6, 1e-8])('of vectors %d from opposite stays between their norms', (fromOpposite) => {
    const start = Float32Array.of(1, 0, 0);
    const end = Float32Array.of(-3, 0, 3 * fromOpposite);
    let previous: Float32Array = start;
    for (let step = 1; step <= 8; step++) {
      const z = slerp(start, end, step / 8);
      expect(norm(z)).toBeCloseTo(1 + step / 4, 1);
      expect(angle(previous, z)).toBeCloseTo(Math.PI / 8, 1);
      previous = z;
    }
  });

  test.each([1e-2, 1e-3, 1e-5])('of vectors %d from opposite stays in their plane and half plane', (fromOpposite) => {
    const middle = slerp(Float32Array.of(1, 0, 0), Float32Array.of(-1, 0, fromOpposite), 0.5);
    expect(middle[0]).toBeCloseTo(0, 2);
    expect(middle[1]).toBe(0);
    expect(middle[2]).toBeCloseTo(1, 2);
  });

  test('of a zero vector, or in one dimension, is linear', () => {
    expect(slerp(Float32Array.of(0, 0), Float32Array.of(2, 4), 0.5)).toEqual(Float32Array.of(1, 2));
    expect(slerp(Float32Array.of(2), Float32Array.of(-2), 0.25)).toEqual(Float32Array.of(1));
  });

  test.each([-0.1, 1.1, Number.NaN])('rejects t = %d', (t) => {
    expect(() => slerp(a, b, t)).toThrow(UserError);
  });

  test('rejects vectors of different sizes', () => {
    expect(() => slerp(a, latentFromSeed(1, 99), 0.5)).toThrow('100 and 99');
  });
});

describe('slerpPath', () => {
  const zs = [1, 2, 3].map((seed) => latentFromSeed(seed, 16));

  test('goes from the first vector to the last through all others', () => {
    const path = slerpPath(zs, 9);
    expect(path).toHaveLength(9);
    expect([path[0], path[4], path[8]]).toEqual(zs);
    expect(path[1]).toEqual(slerp(zs[0]!, zs[1]!, 0.25));
    expect(path[6]).toEqual(slerp(zs[1]!, zs[2]!, 0.5));
  });

  test.each([2, 7, 50, 64])('%d points end exactly at the last vector', (n) => {
    expect(slerpPath(zs, n).at(-1)).toEqual(zs[2]);
  });

  test('rejects one vector, and fewer than two points', () => {
    expect(() => slerpPath(zs.slice(0, 1), 5)).toThrow('at least 2 vectors');
    expect(() => slerpPath(zs, 1)).toThrow('at least 2 points');
  });
});

describe('truncate', () => {
  test('scales z without changing its argument', () => {
    const z = Float32Array.of(1, -2);
    expect(truncate(z, 0.5)).toEqual(Float32Array.of(0.5, -1));
    expect(truncate(z, 1)).toEqual(z);
    expect(norm(truncate(z, 0))).toBe(0);
    expect(z).toEqual(Float32Array.of(1, -2));
  });

  test.each([-0.1, 2.01, Number.NaN])('rejects psi = %d', (psi) => {
    expect(() => truncate(Float32Array.of(1), psi)).toThrow('from 0 to 2');
  });
});
