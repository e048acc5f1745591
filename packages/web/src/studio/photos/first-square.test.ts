import { afterEach, expect, test, vi } from 'vitest';
import { firstSquare, isOutdated } from './first-square.ts';

const photo = { width: 300, height: 200 } as ImageBitmap;
const middle = { x: 50, y: 0, side: 200 };

afterEach(() => {
  vi.restoreAllMocks();
});

test('the face that is found is the first square', async () => {
  const face = { x: 180, y: 30, side: 90 };
  expect(await firstSquare(photo, async () => face)).toEqual({ square: face, origin: 'found' });
});

test('the square of a small face grows around its centre, inside the photo', async () => {
  const found = (x: number, y: number) => firstSquare(photo, async () => ({ x, y, side: 40 }));
  expect((await found(100, 60)).square).toEqual({ x: 88, y: 48, side: 64 });
  expect((await found(255, 0)).square).toEqual({ x: 236, y: 0, side: 64 });
});

test('without a face, the first square is the middle, and the photo says so', async () => {
  expect(await firstSquare(photo, async () => null)).toEqual({ square: middle, origin: 'not-found' });
});

test('if the finder fails, the first square is the middle', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const failing = async () => {
    throw new Error('no SIMD');
  };
  expect(await firstSquare(photo, failing)).toEqual({ square: middle, origin: 'not-found' });
  expect(String(warn.mock.calls[0]![1])).toContain('no SIMD');
});

test('if no face is looked for, the first square is the middle', async () => {
  expect(await firstSquare(photo, null)).toEqual({ square: middle, origin: 'centre' });
});

test.each([
  ['found', false, true],
  ['not-found', false, true],
  ['centre', true, false],
  ['hand', false, false],
] as const)('a square of origin %s changes when faces are looked for: %s; when not: %s', (origin, on, off) => {
  expect(isOutdated({ origin }, true)).toBe(on);
  expect(isOutdated({ origin }, false)).toBe(off);
});
