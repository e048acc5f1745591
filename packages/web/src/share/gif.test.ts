// @module-tag slow
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Pixels } from '../engine/dog-maker.ts';
import { EMPTY_PICTURE, type PictureState } from '../state/picture-state.ts';
import { recordGif } from './gif.ts';

/** Grey noise, which compresses worse than any dog. */
function noise(): Pixels {
  let state = 1;
  const grey = Array.from({ length: 64 * 64 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  return new Uint8ClampedArray(grey.flatMap((level) => [level, level, level, 255]));
}

// Hundreds of pictures of noise take a busy machine a while.
test('an animation of ten noisy dogs stays below 8 MB, and says how large it is while it grows', {
  timeout: 240_000,
}, async () => {
  const pixels = noise();
  const picture: PictureState = { ...EMPTY_PICTURE, dogs: Array.from({ length: 10 }, (_, i) => String(i)) };
  const sizes: number[] = [];
  const blob = await recordGif(
    picture,
    async () => pixels,
    () => () => {},
    new AbortController().signal,
    (_, bytes) => sizes.push(bytes),
  );
  expect(blob.size).toBeLessThan(8_000_000);
  expect(blob.size).toBeGreaterThan(4_000_000);
  expect(blob.size - sizes.at(-1)!).toBeLessThan(100);
  // Ten legs of 2.4 s.
  const { pages, delay } = await sharp(Buffer.from(await blob.arrayBuffer()), { animated: true }).metadata();
  expect(pages! * delay![0]!).toBe(24_000);
});
