import { expect, test } from 'vitest';
import type { LabelledPhoto } from './labelled-photos.ts';
import { bestThreshold, deviationOf, isClose } from './measure.ts';

/** 2:1, so that its true proportions are 1414 x 707 pixels, and a side of 0.2 is 200 pixels. */
const photo: LabelledPhoto = {
  number: 1,
  pixels: new Uint8Array(),
  faces: [
    { x: 0.5, y: 0.5, side: 0.2 },
    { x: 0.1, y: 0.2, side: 0.1 },
  ],
  aspect: 2,
};

test('a square on the box does not deviate, but for whole pixels', () => {
  const { x, y, ratio, iou } = deviationOf({ x: 0.5, y: 0.5, side: 0.2 }, photo);
  expect(Math.max(Math.abs(x), Math.abs(y), Math.abs(ratio - 1), 1 - iou)).toBeLessThan(0.01);
});

test('a square beside the box, in true proportions', () => {
  // 20 pixels to the right: a tenth of the side.
  const { x, y, ratio, iou } = deviationOf({ x: 0.5 + 20 / 1414.2, y: 0.5, side: 0.2 }, photo);
  expect(x).toBeCloseTo(0.1, 2);
  expect(y).toBeCloseTo(0, 2);
  expect(ratio).toBe(1);
  expect(iou).toBeCloseTo(0.9 / 1.1, 2);
});

test('of two faces the one that fits best counts', () => {
  const { ratio, iou } = deviationOf({ x: 0.1, y: 0.2, side: 0.15 }, photo);
  expect(ratio).toBeCloseTo(1.5, 2);
  expect(iou).toBeCloseTo(1 / 1.5 ** 2, 1);
});

test.each([
  [{ x: 0.14, y: -0.14, ratio: 1.14, iou: 0.6 }, true],
  [{ x: 0.16, y: 0, ratio: 1, iou: 0.7 }, false],
  [{ x: 0, y: -0.16, ratio: 1, iou: 0.7 }, false],
  [{ x: 0, y: 0, ratio: 0.84, iou: 0.7 }, false],
])('%j is close: %s', (deviation, close) => {
  expect(isClose(deviation)).toBe(close);
});

test('the threshold lies where the fewest pictures of either kind are on the wrong side', () => {
  expect(bestThreshold([0.9, 0.8, 0.3, 0.7], [0.1, 0.2, 0.6, 0.05])).toBeCloseTo(0.25, 6);
  expect(bestThreshold([0.9, 0.8], [0.1, 0.2])).toBeCloseTo(0.5, 6);
});
