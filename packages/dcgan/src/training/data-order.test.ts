import { describe, expect, test } from 'vitest';
import { DataOrder } from './data-order.ts';

describe('DataOrder', () => {
  test('visits every index once in each epoch, for every count from 1 to 1000', () => {
    for (let count = 1; count <= 1000; count++) {
      const order = new DataOrder({ count, seed: count });
      for (let epoch = 0; epoch < 3; epoch++) {
        const visits = new Uint8Array(count);
        for (const index of order.next(count)) visits[index]!++;
        expect(
          visits.every((times) => times === 1),
          `count ${count}, epoch ${epoch}`,
        ).toBe(true);
      }
    }
  });

  test('is a permutation of a million, in constant memory', () => {
    const count = 1_000_003;
    const visits = new Uint8Array(count);
    for (const index of new DataOrder({ count, seed: 5 }).next(count)) visits[index]!++;
    expect(visits.every((times) => times === 1)).toBe(true);
  });

  test('does not depend on the batch size, across epochs and for batches larger than the count', () => {
    const whole = new DataOrder({ count: 37, seed: 9 }).next(500);
    const cut = new DataOrder({ count: 37, seed: 9 });
    const parts: number[] = [];
    for (const n of [1, 36, 37, 0, 100, 5, 321]) parts.push(...cut.next(n));
    expect(parts).toEqual([...whole]);
  });

  test('continues exactly from a state stored as JSON', () => {
    for (const before of [0, 1, 36, 37, 38, 100, 370]) {
      const first = new DataOrder({ count: 37, seed: 9 });
      first.next(before);
      const state = JSON.parse(JSON.stringify(first.state));
      expect([...new DataOrder({ count: 37, seed: 9, state }).next(200)], `after ${before}`).toEqual([
        ...first.next(200),
      ]);
    }
  });

  test('counts epochs and positions', () => {
    const order = new DataOrder({ count: 10, seed: 0 });
    order.next(25);
    expect(order.state).toEqual({ epoch: 2, position: 5 });
    order.next(5);
    expect(order.state).toEqual({ epoch: 3, position: 0 });
  });

  test('differs between epochs and between seeds', () => {
    const orders = [0, 1, 2, 0xffffffff].flatMap((seed) => {
      const order = new DataOrder({ count: 50, seed });
      return Array.from({ length: 25 }, () => order.next(50).join());
    });
    expect(new Set(orders).size).toBe(100);
  });

  // Runs resume from orders made by earlier versions: these numbers may never change.
  test('has not changed since earlier versions', () => {
    expect([...new DataOrder({ count: 1000, seed: 1 }).next(8)]).toMatchInlineSnapshot(`
      [
        977,
        622,
        353,
        314,
        670,
        965,
        262,
        386,
      ]
    `);
    expect([
      ...new DataOrder({ count: 5246, seed: 42, state: { epoch: 3, position: 100 } }).next(8),
    ]).toMatchInlineSnapshot(`
      [
        3403,
        2743,
        3563,
        348,
        2598,
        2484,
        5078,
        3316,
      ]
    `);
  });

  test('puts every image at every position about equally often', () => {
    const count = 11;
    const epochs = 11_000;
    const order = new DataOrder({ count, seed: 3 });
    const table = new Float64Array(count * count);
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const [place, index] of order.next(count).entries()) table[place * count + index]!++;
    }
    // Chi-square with (count - 1)^2 = 100 degrees of freedom: above 150 once in 1,000 fair shuffles.
    const expected = epochs / count;
    const chiSquare = table.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(150);
  });

  test('is not a rotation or other simple shift: neighbours are separated', () => {
    const indices = new DataOrder({ count: 4096, seed: 7 }).next(4096);
    const steps = new Set(Array.from(indices.subarray(1), (index, i) => index - indices[i]!));
    // A fair shuffle of 4,096 has about 2,800 different steps; a linear order has a handful.
    expect(steps.size).toBeGreaterThan(2000);
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 31])('refuses a count of %s', (count) => {
    expect(() => new DataOrder({ count, seed: 1 })).toThrow(RangeError);
  });

  test.each([
    { epoch: 0, position: 10 },
    { epoch: -1, position: 0 },
    { epoch: 0.5, position: 0 },
    { epoch: 0, position: -1 },
  ])('refuses the state %o for 10 images', (state) => {
    expect(() => new DataOrder({ count: 10, seed: 1, state })).toThrow(RangeError);
  });
});
