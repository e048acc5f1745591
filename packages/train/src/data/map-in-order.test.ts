import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mapInOrder } from './map-in-order.ts';

test('keeps the order though later items are done earlier, and never takes more than its share', async () => {
  let taken = 0;
  let given = 0;
  let most = 0;
  function* items() {
    for (let i = 0; i < 50; i++) {
      taken++;
      yield i;
    }
  }
  const results: number[] = [];
  for await (const result of mapInOrder(items(), 4, async (i) => {
    most = Math.max(most, taken - given);
    await setTimeout(i % 3 === 0 ? 5 : 0);
    return i * 10;
  })) {
    given++;
    results.push(result);
  }
  expect(results).toEqual(Array.from({ length: 50 }, (_, i) => i * 10));
  expect(most).toBe(4);
});

test('passes an error on, once everything begun has ended', async () => {
  const running = new Set<number>();
  const walk = async () => {
    for await (const _ of mapInOrder([0, 1, 2, 3], 3, async (i) => {
      running.add(i);
      await setTimeout(i === 0 ? 0 : 10);
      running.delete(i);
      if (i === 0) throw new Error('first');
      if (i === 1) throw new Error('second, seen by nobody');
      return i;
    }));
  };
  await expect(walk()).rejects.toThrow('first');
  expect(running.size).toBe(0);
});

test('an item that fails before its turn fails the whole when its turn comes', async () => {
  const results: number[] = [];
  const walk = async () => {
    for await (const result of mapInOrder([0, 1, 2, 3], 3, async (i) => {
      if (i === 1) throw new Error('second');
      await setTimeout(20);
      return i;
    })) {
      results.push(result);
    }
  };
  // Vitest itself fails on an unhandled rejection.
  await expect(walk()).rejects.toThrow('second');
  expect(results).toEqual([0]);
});
