import { expect, test } from 'vitest';
import { type Contestant, takeTurns } from './turns.ts';

/** Writes what happens to `log`; fails in the given turn, -1 is the start. */
function contestant(name: string, log: string[], failsIn = Number.NaN): Contestant<number> {
  return {
    name,
    start: async () => {
      log.push(`${name} starts`);
      if (failsIn === -1) throw new Error(`${name} is not installed\nsecond line`);
      let turns = 0;
      return {
        turn: async () => {
          log.push(name);
          if (turns === failsIn) throw new Error(`RangeError: ${name} is out of memory`);
          return turns++;
        },
        stop: () => void log.push(`${name} stops`),
      };
    },
  };
}

test('all are started before the first turn, and the order alternates', async () => {
  const log: string[] = [];
  const outcomes = await takeTurns([contestant('A', log), contestant('B', log)], 3);
  expect(log).toEqual(['A starts', 'B starts', 'A', 'B', 'B', 'A', 'A', 'B', 'A stops', 'B stops']);
  expect(outcomes).toEqual([
    { name: 'A', turns: [0, 1, 2], problem: null },
    { name: 'B', turns: [0, 1, 2], problem: null },
  ]);
});

test('one that fails is stopped and left out with the reason in one line; the others go on', async () => {
  const log: string[] = [];
  const outcomes = await takeTurns([contestant('A', log, -1), contestant('B', log), contestant('C', log, 1)], 3);
  expect(outcomes).toEqual([
    { name: 'A', turns: [], problem: 'A is not installed' },
    { name: 'B', turns: [0, 1, 2], problem: null },
    { name: 'C', turns: [], problem: 'C is out of memory' },
  ]);
  expect(log.filter((line) => line === 'C')).toHaveLength(2);
  expect(log.filter((line) => line === 'C stops')).toHaveLength(1);
});
