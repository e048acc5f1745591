import type { LogLine } from '@latent-dogs/dcgan';
import { expect, test } from 'vitest';
import { DecimatedLog } from './decimated-log.ts';

function lineAt(i: number): LogLine {
  // Any numbers without a pattern that binning could hide.
  const value = (i * 7919) % 10_007;
  const common = { step: i, epoch: 1, dReal: 0.5, dFake: null, imagesPerSecond: 44, seconds: i };
  return { ...common, imagesSeen: (i + 1) * 10, lossD: value, lossG: i === 5_432 ? 1e6 : 1 };
}

test.each([0, 1, 7, 8, 9, 16, 17, 1_000, 9_999])(
  '%i lines: every bin has the mean, minimum and maximum of its lines',
  (count) => {
    const log = new DecimatedLog(8);
    const lines = Array.from({ length: count }, (_, i) => lineAt(i));
    for (const line of lines) log.add(line);
    const ends = log.imagesSeen;
    const { mean, min, max } = log.curve('lossD');
    expect(ends.length).toBeLessThanOrEqual(8);
    expect(ends.length).toBeGreaterThanOrEqual(Math.min(count, 4));
    expect(ends.at(-1) ?? 0).toBe(count * 10);
    for (const [i, end] of ends.entries()) {
      const inside = lines.filter(({ imagesSeen }) => imagesSeen > (ends[i - 1] ?? 0) && imagesSeen <= end);
      const values = inside.map(({ lossD }) => lossD!);
      expect(min[i]).toBe(Math.min(...values));
      expect(max[i]).toBe(Math.max(...values));
      expect(mean[i]).toBeCloseTo(values.reduce((sum, value) => sum + value) / values.length, 6);
    }
  },
);

test('one spike among ten thousand lines stays visible', () => {
  const log = new DecimatedLog(100);
  for (let i = 0; i < 10_000; i++) log.add(lineAt(i));
  const { max } = log.curve('lossG');
  const at = max.indexOf(1e6);
  expect(log.imagesSeen[at]).toBeGreaterThanOrEqual(54_330);
  expect(log.imagesSeen[at - 1]).toBeLessThan(54_330);
});

test('non-finite and missing values are gaps, and do not affect means', () => {
  const log = new DecimatedLog(2);
  for (const lossD of [null, 4, null, null, 8, null]) log.add({ ...lineAt(0), lossD });
  expect(log.curve('dFake').mean).toEqual([null, null]);
  expect(log.curve('diversity')).toEqual({ mean: [null, null], min: [null, null], max: [null, null] });
  expect(log.curve('lossD')).toEqual({ mean: [4, 8], min: [4, 8], max: [4, 8] });
});
