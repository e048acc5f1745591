import sharp from 'sharp';
import { expect, test } from 'vitest';
import { storedPng } from './stored-png.ts';

// 128 x 128 needs more than one block of uncompressed data; 149 x 149 ends a block within a row.
test.each([1, 64, 128, 149])('sharp reads %i pixels back as they are', async (size) => {
  const rgb = Uint8Array.from({ length: 3 * size * size }, (_, i) => (i * 31 + (i >> 7)) % 256);
  const { data, info } = await sharp(storedPng(rgb, size)).raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: size, height: size, channels: 3 });
  expect(data.equals(rgb)).toBe(true);
});
