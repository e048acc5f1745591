import type { LogLine } from '@latent-dogs/dcgan';
import { expect, test } from 'vitest';
import { hintOf } from './hints.ts';

const line = (imagesSeen: number, numbers: Partial<LogLine> = {}): LogLine => ({
  ...{ step: 1, epoch: 1, imagesPerSecond: 1, seconds: 1, lossD: 1, lossG: 1, diversity: 0.4 },
  imagesSeen,
  ...numbers,
});

test.each([
  ['early', [], 100, null],
  ['early', [line(2_000)], 100, null],
  ['going', [line(4_000)], 100, null],
  ['alike', [line(4_000), line(5_000, { diversity: 0.02 })], 100, null],
  ['strong', [line(5_000, { lossD: 0.001 })], 100, null],
  ['memorised', [line(60_000)], 100, null],
  ['going', [line(60_000)], 5_000, null],
  ['rolledBack', [line(61_000)], 5_000, 60_000],
  ['going', [line(64_000)], 5_000, 60_000],
] as const)('%s', (hint, lines, photos, rolledBackAt) => {
  expect(hintOf(lines, photos, rolledBackAt)).toBe(hint);
});
