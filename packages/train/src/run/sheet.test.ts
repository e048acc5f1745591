import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeSheet } from './sheet.ts';

const SIZE = 4;
const AREA = SIZE * SIZE;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sheet-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function read(file: string) {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  return {
    ...info,
    at: (x: number, y: number) => [...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3)],
  };
}

test('lays images out row by row and fills the last row with black', async () => {
  const images = Uint8Array.from({ length: 5 * 3 * AREA }, (_, i) => (i * 31) % 251);
  const file = join(folder, 'reals.png');
  await writeSheet({ file, images, size: SIZE, columns: 3 });
  const sheet = await read(file);
  expect([sheet.width, sheet.height, sheet.channels, sheet.format]).toEqual([12, 8, 3, 'raw']);
  for (let n = 0; n < 6; n++) {
    for (let y = 0; y < SIZE; y++) {
      for (let x = 0; x < SIZE; x++) {
        const pixel = [0, 1, 2].map((c) => (n === 5 ? 0 : images[(n * AREA + y * SIZE + x) * 3 + c]));
        expect(sheet.at((n % 3) * SIZE + x, Math.floor(n / 3) * SIZE + y)).toEqual(pixel);
      }
    }
  }
  expect(readdirSync(folder)).toEqual(['reals.png']);
});

test('maps [-1, 1] to 0..255, clips values outside, and shows NaN as black', async () => {
  const images = new Float32Array(3 * AREA).fill(0.2);
  for (const [pixel, red] of [-1, 1, -3, 3, Number.NaN].entries()) images[3 * pixel] = red;
  const file = join(folder, 'fakes.png');
  await writeSheet({ file, images, size: SIZE, columns: 8 });
  const sheet = await read(file);
  expect([sheet.width, sheet.height]).toEqual([SIZE, SIZE]);
  expect([0, 1, 2, 3, 4].map((i) => sheet.at(i % SIZE, Math.floor(i / SIZE))[0])).toEqual([0, 255, 0, 255, 0]);
  expect(sheet.at(3, 3)).toEqual([153, 153, 153]);
});

test('refuses an incomplete image', async () => {
  const file = join(folder, 'x.png');
  await expect(writeSheet({ file, images: new Uint8Array(50), size: SIZE, columns: 2 })).rejects.toThrow(RangeError);
  await expect(writeSheet({ file, images: new Uint8Array(0), size: SIZE, columns: 2 })).rejects.toThrow(RangeError);
});
