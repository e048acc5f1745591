import { expect, test } from 'vitest';
import { isFaster } from './thread-choice.ts';

/** Times of a maker, one after another; the first two are those of a cold start. */
const maker = (times: readonly number[]) => {
  const left = [90, 80, ...times];
  return { time: async () => left.shift()! };
};

test.each([
  ['a third faster', [4, 4, 4, 4, 4, 4, 4], [6, 6, 6, 6, 6, 6, 6], true],
  ['faster but for two slow rounds', [4, 30, 4, 4, 30, 4, 4], [6, 6, 6, 6, 6, 6, 6], true],
  ['a tenth faster', [5.4, 5.4, 5.4, 5.4, 5.4, 5.4, 5.4], [6, 6, 6, 6, 6, 6, 6], false],
  ['slower', [8, 8, 8, 8, 8, 8, 8], [6, 6, 6, 6, 6, 6, 6], false],
])('several threads that are %s', async (_, theirs, ours, faster) => {
  expect(await isFaster(maker(theirs), maker(ours), 10)).toBe(faster);
});
