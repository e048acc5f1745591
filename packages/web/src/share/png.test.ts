import sharp from 'sharp';
import { expect, test } from 'vitest';
import { encodePng } from './png.ts';

test('another decoder reads the same pixels from the file', async () => {
  const pixels = new Uint8ClampedArray(4 * 37 * 37).map((_, i) => (i % 4 === 3 ? 255 : (i * i * 31) % 256));
  const file = Buffer.from(await (await encodePng(pixels)).arrayBuffer());
  const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([37, 37]);
  expect([...data]).toEqual([...pixels]);
});
