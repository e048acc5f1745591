import { expect, test } from 'vitest';
import { bmpSize, decodeBmp } from './bmp.ts';

/** A BMP with a header of 40 bytes. `rows` as in the file, without padding. */
function bmp(options: {
  width: number;
  height: number;
  bits: number;
  rows: number[][];
  palette?: number[][];
  masks?: number[];
  compression?: number;
}): Buffer {
  const { width, height, bits, rows, palette = [], masks = [] } = options;
  const tables = Buffer.concat([
    ...masks.map((mask) => {
      const word = Buffer.alloc(4);
      word.writeUInt32LE(mask);
      return word;
    }),
    ...palette.map(([r, g, b]) => Buffer.from([b!, g!, r!, 0])),
  ]);
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54 + tables.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(options.compression ?? (masks.length > 0 ? 3 : 0), 30);
  const padded = rows.map((row) => Buffer.from([...row, ...new Array((4 - (row.length % 4)) % 4).fill(0)]));
  return Buffer.concat([header, tables, ...padded]);
}

const [RED, GREEN, BLUE] = [
  [200, 10, 20],
  [30, 210, 40],
  [50, 60, 220],
];
const bgr = ([r, g, b]: number[]) => [b!, g!, r!];
const colors = (file: Buffer) => {
  const { pixels, width, height } = decodeBmp(file);
  expect(bmpSize(file)).toMatchObject({ width, height });
  return Array.from({ length: width * height }, (_, i) => [...pixels.subarray(3 * i, 3 * i + 3)]);
};

test('24 bits, rows from the bottom or from the top', () => {
  const rows = [
    [...bgr(RED!), ...bgr(GREEN!), ...bgr(BLUE!)],
    [...bgr(BLUE!), ...bgr(BLUE!), ...bgr(RED!)],
  ];
  const [bottom, top] = [
    [RED, GREEN, BLUE],
    [BLUE, BLUE, RED],
  ];
  expect(colors(bmp({ width: 3, height: 2, bits: 24, rows }))).toEqual([...top!, ...bottom!]);
  expect(colors(bmp({ width: 3, height: -2, bits: 24, rows }))).toEqual([...bottom!, ...top!]);
});

test.each([
  [1, [0b01000000]],
  [4, [0x01, 0x00]],
  [8, [0, 1, 0]],
])('%i bits with a palette, and a width that fills no byte', (bits, row) => {
  expect(colors(bmp({ width: 3, height: 1, bits, rows: [row], palette: [RED!, GREEN!] }))).toEqual([RED, GREEN, RED]);
});

test('32 bits, the fourth byte 0; and 16 bits', () => {
  expect(colors(bmp({ width: 2, height: 1, bits: 32, rows: [[...bgr(RED!), 0, ...bgr(BLUE!), 0]] }))).toEqual([
    RED,
    BLUE,
  ]);
  // 5 bits a channel: 31, 15, 0 is 255, 123, 0.
  const word = (31 << 10) | (15 << 5);
  expect(colors(bmp({ width: 1, height: 1, bits: 16, rows: [[word & 255, word >> 8]] }))).toEqual([[255, 123, 0]]);
});

test('masks that say where the channels are', () => {
  const masks = [0xff, 0xff00, 0xff000000];
  const [r, g, b] = GREEN as [number, number, number];
  expect(colors(bmp({ width: 1, height: 1, bits: 32, rows: [[r, g, 77, b]], masks }))).toEqual([GREEN]);
});

test('one that is compressed, cut short or nonsense is skipped', () => {
  const rows = [[...bgr(RED!)]];
  const good = { width: 1, height: 1, bits: 24, rows };
  expect(() => decodeBmp(bmp({ ...good, bits: 8, compression: 1 }))).toThrow('compressed');
  expect(() => decodeBmp(bmp(good).subarray(0, 55))).toThrow('cut short');
  expect(() => decodeBmp(bmp(good).subarray(0, 20))).toThrow('cut short');
  for (const wrong of [{ bits: 7 }, { width: 0 }, { width: -1 }, { height: 0 }])
    expect(() => decodeBmp(bmp({ ...good, ...wrong }))).toThrow('broken');
});
