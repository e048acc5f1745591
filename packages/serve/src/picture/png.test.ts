import { decode, decodeApng } from 'fast-png';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { compileCodecs } from '../node/compile-codecs.ts';
import type { Picture } from './picture.ts';

const { png, apng, frame } = await compileCodecs();

/** Pseudo-random pixels, including transparency. */
function noise(width: number, height: number, start: number): Picture {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0, word = start; i < data.length; i++) {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0;
    data[i] = word >>> 24;
  }
  return { data, width, height };
}

async function* sequence(pictures: Picture[]) {
  for (const picture of pictures) yield await frame(picture);
}

test('a PNG has the same pixels, its captions and correct checksums', async () => {
  const picture = noise(13, 7, 1);
  const file = await png(picture, { Seed: '42', Model: 'café' });
  const decoded = decode(file, { checkCrc: true });
  expect([decoded.width, decoded.height, decoded.channels, decoded.depth]).toEqual([13, 7, 4, 8]);
  expect(Array.from(decoded.data)).toEqual(Array.from(picture.data));
  expect(decoded.text).toEqual({ Seed: '42', Model: 'café' });
  // libpng, used by sharp, is stricter about the order of chunks.
  const again = await sharp(file, { failOn: 'warning' }).raw().toBuffer();
  expect(Array.from(again)).toEqual(Array.from(picture.data));
});

test('an animated PNG plays its frames in order, in an endless loop', async () => {
  const pictures = [1, 2, 3].map((start) => noise(9, 5, start));
  const file = await apng(sequence(pictures), { count: 3, delay: 80, captions: { From: '1' } });
  const decoded = decodeApng(file, { checkCrc: true });
  expect(decoded.numberOfPlays).toBe(0);
  expect(decoded.numberOfFrames).toBe(3);
  expect(decoded.text).toEqual({ From: '1' });
  expect(decoded.frames.map(({ delayNumber, delayDenominator }) => delayNumber / delayDenominator)).toEqual([
    0.08, 0.08, 0.08,
  ]);
  expect(decoded.frames.map(({ data }) => Array.from(data))).toEqual(pictures.map(({ data }) => Array.from(data)));
  // A viewer without animation support shows the first frame.
  expect(Array.from(decode(file).data)).toEqual(Array.from(pictures[0]!.data));
});
