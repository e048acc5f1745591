import { expect, test } from 'vitest';
import { centreSquare, legalSquare, resizedSquare } from './square.ts';

const extent = { width: 300, height: 200 };

test('the middle of a wide and of a tall photo', () => {
  expect(centreSquare(extent)).toEqual({ x: 50, y: 0, side: 200 });
  expect(centreSquare({ width: 101, height: 300 })).toEqual({ x: 0, y: 99, side: 101 });
});

test.each([
  [
    { x: -20, y: 500, side: 100 },
    { x: 0, y: 100, side: 100 },
  ],
  [
    { x: 10.4, y: 10.6, side: 99.5 },
    { x: 10, y: 11, side: 100 },
  ],
  [
    { x: 0, y: 0, side: 3 },
    { x: 0, y: 0, side: 64 },
  ],
  [
    { x: 150, y: 5, side: 1000 },
    { x: 100, y: 0, side: 200 },
  ],
])('%j becomes %j', (wanted, legal) => {
  expect(legalSquare(wanted, extent)).toEqual(legal);
});

test('another side keeps the centre where the photo allows it', () => {
  expect(resizedSquare({ x: 100, y: 50, side: 100 }, 80, extent)).toEqual({ x: 110, y: 60, side: 80 });
  expect(resizedSquare({ x: 0, y: 0, side: 100 }, 160, extent)).toEqual({ x: 0, y: 0, side: 160 });
});
