import { expect, test } from 'vitest';
import { isPenalised } from './penalty-schedule.ts';

const penalised = (config: { r1: number; r1Every: number }, steps: number) =>
  Array.from({ length: steps }, (_, i) => i + 1).filter((step) => isPenalised(config, step));

test.each([
  [{ r1: 1, r1Every: 1 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  [{ r1: 1, r1Every: 4 }, [1, 5, 9]],
  [{ r1: 0.001, r1Every: 16 }, [1]],
  [{ r1: 0, r1Every: 1 }, []],
])('of ten steps with %o, %o are penalised', (config, expected) => {
  expect(penalised(config, 10)).toEqual(expected);
});

test('one step in every r1Every is penalised on average, as its weight assumes', () => {
  expect(penalised({ r1: 1, r1Every: 16 }, 1_600)).toHaveLength(100);
});
