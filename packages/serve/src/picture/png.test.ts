import { decode, decodeApng } from 'fast-png';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Picture } from './picture.ts';
import { encodeApng, encodeFrame, encodePng } from './png.ts';

/** Pseudo-random pixels. */
function noise(width: number, height: number, start: number, opaque: boolean): Picture {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0, word = start; i < data.length; i++) {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0;
    data[i] = opaque && i % 4 === 3 ? 255 : word >>> 24;
  }
  return { data, width, height };
}

const rgb = ({ data }: Picture) => Array.from(data).filter((_, i) => i % 4 !== 3);

async function* sequence(pictures: Picture[]) {
  for (const picture of pictures) yield await encodeFrame(picture);
}

test.each([
  ['opaque', 3],
  ['transparent', 4],
] as const)(
  'a PNG that is %s has the same pixels in %i channels, its captions and correct checksums',
  async (kind, channels) => {
    const picture = noise(13, 7, 1, kind === 'opaque');
    const file = await encodePng(picture, { Seed: '42', Model: 'café' });
    const decoded = decode(file, { checkCrc: true });
    expect([decoded.width, decoded.height, decoded.channels, decoded.depth]).toEqual([13, 7, channels, 8]);
    expect(decoded.text).toEqual({ Seed: '42', Model: 'café' });
    // By libpng, which is strict about the order of chunks.
    const again = await sharp(file, { failOn: 'warning' }).ensureAlpha().raw().toBuffer();
    expect(Array.from(again)).toEqual(Array.from(picture.data));
  },
);

test('an animated PNG plays its frames in order, in an endless loop', async () => {
  const pictures = [1, 2, 3].map((start) => noise(9, 5, start, true));
  const file = await encodeApng(sequence(pictures), { count: 3, delay: 80, captions: { From: '1' } });
  const decoded = decodeApng(file, { checkCrc: true });
  expect(decoded.numberOfPlays).toBe(0);
  expect(decoded.numberOfFrames).toBe(3);
  expect(decoded.text).toEqual({ From: '1' });
  expect(decoded.frames.map(({ delayNumber, delayDenominator }) => delayNumber / delayDenominator)).toEqual([
    0.08, 0.08, 0.08,
  ]);
  expect(decoded.frames.map(({ data }) => Array.from(data))).toEqual(pictures.map(rgb));
  // A viewer without animation support shows the first frame.
  expect(Array.from(decode(file).data)).toEqual(rgb(pictures[0]!));
});
