import { expect, test } from 'vitest';
import { layoutFor, rowsClaimed, rowsInWindow, stepFor } from './grid-layout.ts';

test.each([320, 362, 479, 480, 768, 932, 1640])('dogs and gaps fill a width of %i pixels', (width) => {
  const { columns, tile, rowHeight } = layoutFor(width);
  expect(columns * tile + (columns - 1) * (rowHeight - tile)).toBeCloseTo(width);
  expect(tile).toBeGreaterThanOrEqual(100);
  expect(tile).toBeLessThan(250);
});

test('the rows in the window are in the document, wherever the window is', () => {
  const layout = { columns: 5, tile: 100, rowHeight: 110 };
  expect(rowsInWindow(layout, 300, 900, 0)).toEqual({ first: 0, last: 5 });
  expect(rowsInWindow(layout, -11_000, 900, 2)).toEqual({ first: 98, last: 110 });
  expect(rowsInWindow(layout, 2000, 900, 0)).toEqual({ first: 0, last: 0 });
});

test('there is always more to scroll to, up to what browsers can lay out', () => {
  const layout = { columns: 5, tile: 100, rowHeight: 110 };
  expect(rowsClaimed(layout, 10, 0)).toBeGreaterThan(40);
  expect(rowsClaimed(layout, 10, 500)).toBe(500);
  expect(rowsClaimed(layout, 1e9, 0) * 110).toBeLessThanOrEqual(16_000_000);
});

test('keys lead along rows and columns and stop at the beginning', () => {
  const lead = (key: string, from: number) => stepFor(key, from, 5, 3);
  expect(['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp'].map((key) => lead(key, 7))).toEqual([8, 6, 12, 2]);
  expect(['Home', 'End', 'PageDown', 'PageUp'].map((key) => lead(key, 7))).toEqual([5, 9, 22, 2]);
  expect([lead('ArrowUp', 3), lead('ArrowLeft', 0), lead('a', 3)]).toEqual([3, 0, null]);
});
