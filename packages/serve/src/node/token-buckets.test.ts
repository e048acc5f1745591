import { expect, test } from 'vitest';
import { TokenBuckets } from './token-buckets.ts';

function clocked(capacity: number) {
  const clock = { now: 0 };
  return { clock, buckets: new TokenBuckets(capacity, () => clock.now) };
}

test('a client spends its tokens, then waits as long as it is told', () => {
  const { clock, buckets } = clocked(60);
  expect(buckets.take('a', 50)).toBe(0);
  expect(buckets.take('a', 10)).toBe(0);
  expect(buckets.take('a', 1)).toBe(1);
  expect(buckets.take('a', 30)).toBe(30);
  clock.now = 29_999;
  expect(buckets.take('a', 30)).toBe(1);
  clock.now = 30_000;
  expect(buckets.take('a', 30)).toBe(0);
  expect(buckets.take('b', 60)).toBe(0);
});

test('a bucket never holds more than its capacity', () => {
  const { clock, buckets } = clocked(60);
  buckets.take('a', 1);
  clock.now = 3_600_000;
  expect(buckets.take('a', 60)).toBe(0);
  expect(buckets.take('a', 1)).toBe(1);
});

test('clients that used it last are remembered among many', () => {
  const { buckets } = clocked(60);
  buckets.take('first', 60);
  for (let client = 0; client < 9_999; client++) buckets.take(String(client), 1);
  expect(buckets.take('first', 1)).toBe(1);
  for (let client = 0; client < 9_999; client++) buckets.take(`again ${client}`, 1);
  expect(buckets.take('first', 1)).toBe(1);
  for (let client = 0; client < 10_000; client++) buckets.take(`other ${client}`, 1);
  expect(buckets.take('first', 60)).toBe(0);
});
