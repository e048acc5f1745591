import { expect, test } from 'vitest';
import { advance, LEG_SECONDS, type Walk } from './walker.ts';

/** Positions of a walk at 60 frames a second. */
function walk(seconds: number, legs: number, closed: boolean): number[] {
  let state: Walk = { position: 0, direction: 1 };
  return Array.from({ length: Math.round(seconds * 60) }, () => {
    state = advance(state, 1 / 60, legs, closed);
    return state.position;
  });
}

test('an open walk reaches the other dog after one leg, returns after two, and stays within its legs', () => {
  const positions = walk(4 * LEG_SECONDS, 1, false);
  const at = (seconds: number) => positions[Math.round(seconds * 60) - 1]!;
  expect(at(LEG_SECONDS)).toBeCloseTo(1, 2);
  expect(at(2 * LEG_SECONDS)).toBeCloseTo(0, 2);
  expect(at(3 * LEG_SECONDS)).toBeCloseTo(1, 2);
  expect(at(LEG_SECONDS / 2)).toBeCloseTo(0.5, 2);
  expect(Math.min(...positions)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...positions)).toBeLessThanOrEqual(1);
});

test('a closed walk goes round in one direction', () => {
  const positions = walk(2 * 3 * LEG_SECONDS, 3, true);
  expect(positions[Math.round(1.5 * LEG_SECONDS * 60) - 1]).toBeCloseTo(1.5, 2);
  const steps = positions.slice(1).map((position, i) => (position - positions[i]! + 3) % 3);
  expect(Math.max(...steps)).toBeLessThan(0.05);
  expect(Math.max(...positions)).toBeLessThan(3);
});

test('a walk is slow near a dog and fast between two', () => {
  const positions = walk(LEG_SECONDS, 1, false);
  const speedAt = (share: number) => {
    const i = Math.floor(positions.length * share);
    return positions[i + 1]! - positions[i]!;
  };
  expect(speedAt(0.5)).toBeGreaterThan(5 * speedAt(0.02));
});
