import { expect, test } from 'vitest';
import { interleave, toFloat } from './to-float.ts';

test('maps 0 to -1, 255 to 1 and what lies between evenly', () => {
  const out = new Float32Array(4);
  toFloat(Uint8Array.of(0, 255, 51, 204), out);
  expect(out[0]).toBe(-1);
  expect(out[1]).toBe(1);
  expect(out[2]).toBeCloseTo(-0.6, 6);
  expect(out[3]).toBeCloseTo(0.6, 6);
});

test('interleave puts the value of (image, channel, pixel) at (image, pixel, channel)', () => {
  const [N, area] = [3, 4];
  const images = Uint8Array.from({ length: N * 3 * area }, (_, i) => i * 7);
  const out = new Float32Array(images.length);
  interleave(images, out, N);
  for (let n = 0; n < N; n++) {
    for (let channel = 0; channel < 3; channel++) {
      for (let pixel = 0; pixel < area; pixel++) {
        const planar = images[(n * 3 + channel) * area + pixel]!;
        expect(out[(n * area + pixel) * 3 + channel]).toBeCloseTo(planar / 127.5 - 1, 6);
      }
    }
  }
});

test('refuses an output of another length, and images that are not whole', () => {
  expect(() => toFloat(new Uint8Array(3), new Float32Array(4))).toThrow(RangeError);
  expect(() => interleave(new Uint8Array(3), new Float32Array(4), 1)).toThrow(RangeError);
  expect(() => interleave(new Uint8Array(12), new Float32Array(12), 5)).toThrow(RangeError);
});
