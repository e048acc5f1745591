import { expect, test } from 'vitest';
import type { Pixels } from '../engine/dog-maker.ts';
import { blend, STEPS, WalkFrames } from './walk-frames.ts';

/** A picture of one pixel whose red level is its position on the walk, times 100. */
const pictureAt = (position: number) => Uint8ClampedArray.of(position * 100, 0, 0, 255) as Pixels;

async function prepared(dogs: number, position: number, direction: 1 | -1 = 1) {
  const asked: number[] = [];
  const frames = new WalkFrames(dogs, async (at) => {
    asked.push(Math.round(at * STEPS));
    return pictureAt(at);
  });
  frames.prepare(position, direction);
  await Promise.resolve();
  await Promise.resolve();
  return { frames, asked };
}

test('requests the steps ahead, the nearest first, and turns back at the end of an open walk', async () => {
  const { asked } = await prepared(2, 1 - 3 / STEPS);
  expect(asked.slice(0, 6)).toEqual([57, 58, 59, 60, 56, 55]);
  const back = await prepared(2, 0.5, -1);
  expect(back.asked.slice(0, 3)).toEqual([30, 29, 28]);
});

test('a closed walk goes on from its last leg to its first', async () => {
  const { asked, frames } = await prepared(3, 3 - 2 / STEPS);
  expect(asked.slice(0, 4)).toEqual([178, 179, 0, 1]);
  // Between the last step and the first one: a cross-fade of both.
  expect(frames.at(3 - 0.5 / STEPS)?.[0]).toBe(blend(pictureAt(179 / STEPS), pictureAt(0), 0.5)[0]);
});

test('between two steps their pictures are cross-faded; there is no picture while one of them is missing', async () => {
  const { frames } = await prepared(2, 0);
  expect(frames.at(0)).toEqual(pictureAt(0));
  expect(Math.abs(frames.at(4.5 / STEPS)![0]! - 7.5)).toBeLessThanOrEqual(1);
  expect(frames.at(0.9)).toBeNull();
});
