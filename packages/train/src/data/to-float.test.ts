import { expect, test } from 'vitest';
import { toFloat } from './to-float.ts';

test('maps 0 to -1, 255 to 1 and the middle to 0', () => {
  const out = new Float32Array(4);
  toFloat(Uint8Array.of(0, 255, 51, 204), out);
  expect(out[0]).toBe(-1);
  expect(out[1]).toBe(1);
  expect(out[2]).toBeCloseTo(-0.6, 6);
  expect(out[3]).toBeCloseTo(0.6, 6);
});

test('refuses an output of another length', () => {
  expect(() => toFloat(new Uint8Array(3), new Float32Array(4))).toThrow(RangeError);
});
