import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Pixels } from '../engine/dog-maker.ts';
import { resample } from './resample.ts';

interface Golden {
  size: number;
  rgb: number[];
  resized: Record<string, number[]>;
}

const golden = JSON.parse(await readFile(new URL('./resample-golden.json', import.meta.url), 'utf8')) as Golden;

function toRgba(rgb: readonly number[]): Pixels {
  const pixels = new Uint8ClampedArray((rgb.length / 3) * 4);
  for (let i = 0; i < rgb.length / 3; i++) pixels.set([...rgb.slice(3 * i, 3 * i + 3), 255], 4 * i);
  return pixels;
}

const difference = (a: Pixels, b: Pixels) => a.reduce((most, level, i) => Math.max(most, Math.abs(level - b[i]!)), 0);

test.each(Object.entries(golden.resized))('resizes 9x9 pixels to %s as Pillow does', (side, rgb) => {
  // Pillow rounds to whole levels between its two passes, so the last digit may differ.
  expect(difference(resample(toRgba(golden.rgb), Number(side)), toRgba(rgb))).toBeLessThanOrEqual(1);
});

test('a plain picture stays plain, up to its edges, at every size', () => {
  const plain = toRgba(Array.from({ length: 64 * 64 }, () => [3, 250, 128]).flat());
  for (const side of [44, 100, 512]) {
    expect(new Set(new Uint32Array(resample(plain, side).buffer)).size).toBe(1);
    expect([...resample(plain, side).slice(-4)]).toEqual([3, 250, 128, 255]);
  }
});
