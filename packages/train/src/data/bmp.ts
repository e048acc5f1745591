/** @module BMP files, which sharp does not read: uncompressed, of 1, 4, 8, 16, 24 or 32 bits per pixel. */

import { SkippedPhoto } from './skipped-photo.ts';

export interface RawPicture {
  /** uint8 [height, width, 3] RGB */
  pixels: Uint8Array;
  width: number;
  height: number;
}

const [RGB, BIT_FIELDS] = [0, 3];

interface Layout {
  width: number;
  height: number;
  /** The first row in the file is the top one. */
  topDown: boolean;
  bits: number;
  /** Position of the first row, and bytes per row: rows start at multiples of 4. */
  start: number;
  stride: number;
}

/**
 * Width and height, without decoding.
 *
 * @throws SkippedPhoto if the file is compressed or of another kind
 */
export function bmpSize(bytes: Buffer): { width: number; height: number } {
  return layoutOf(bytes);
}

/**
 * Transparency is ignored: most programs leave the fourth byte of a pixel 0.
 *
 * @throws SkippedPhoto
 */
export function decodeBmp(bytes: Buffer): RawPicture {
  const { width, height, topDown, bits, start, stride } = layoutOf(bytes);
  if (start + stride * height > bytes.length) throw new SkippedPhoto('broken', 'the BMP file is cut short');
  const pixels = new Uint8Array(3 * width * height);
  const color = bits <= 8 ? paletteColor(bytes, bits) : bits === 24 ? undefined : maskedColor(bytes, bits);
  for (let y = 0; y < height; y++) {
    const row = start + stride * (topDown ? y : height - 1 - y);
    for (let x = 0, to = 3 * y * width; x < width; x++, to += 3) {
      if (color) color(row, x, pixels, to);
      else for (let channel = 0; channel < 3; channel++) pixels[to + channel] = bytes[row + 3 * x + 2 - channel]!;
    }
  }
  return { pixels, width, height };
}

function layoutOf(bytes: Buffer): Layout {
  if (bytes.length < 26) throw new SkippedPhoto('broken', 'the BMP file is cut short');
  const start = bytes.readUInt32LE(10);
  // The header of OS/2 has 16-bit fields, and is always of uncompressed pixels.
  const old = bytes.readUInt32LE(14) === 12;
  if (!old && bytes.length < 54) throw new SkippedPhoto('broken', 'the BMP file is cut short');
  const width = old ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const signed = old ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const bits = bytes.readUInt16LE(old ? 24 : 28);
  const compression = old ? RGB : bytes.readUInt32LE(30);
  if (compression !== RGB && !(compression === BIT_FIELDS && (bits === 16 || bits === 32)))
    throw new SkippedPhoto('not a supported image', 'a compressed BMP; save it as PNG');
  if (![1, 4, 8, 16, 24, 32].includes(bits) || width <= 0 || signed === 0)
    throw new SkippedPhoto('broken', `a BMP of ${width}x${signed} pixels with ${bits} bits`);
  const stride = 4 * Math.ceil((width * bits) / 32);
  return { width, height: Math.abs(signed), topDown: signed < 0, bits, start, stride };
}

type Color = (row: number, x: number, pixels: Uint8Array, to: number) => void;

/** Of pixels that are indices into a palette of blue, green, red (and a fourth byte, except in OS/2 files). */
function paletteColor(bytes: Buffer, bits: number): Color {
  const header = bytes.readUInt32LE(14);
  const [palette, entry] = [14 + header, header === 12 ? 3 : 4];
  return (row, x, pixels, to) => {
    const index = (bytes[row + ((x * bits) >> 3)]! >> (8 - bits - ((x * bits) & 7))) & ((1 << bits) - 1);
    for (let channel = 0; channel < 3; channel++)
      pixels[to + channel] = bytes[palette + entry * index + 2 - channel] ?? 0;
  };
}

/** Of pixels that are 16 or 32 bits, of which masks cut out the channels. */
function maskedColor(bytes: Buffer, bits: number): Color {
  const usual = bits === 16 ? [0x7c00, 0x03e0, 0x001f] : [0xff0000, 0xff00, 0xff];
  const masks = bytes.readUInt32LE(30) === BIT_FIELDS ? [54, 58, 62].map((at) => bytes.readUInt32LE(at)) : usual;
  const shifts = masks.map((mask) => (mask === 0 ? 0 : 31 - Math.clz32(mask & -mask)));
  const most = masks.map((mask, channel) => Math.max(1, mask >>> shifts[channel]!));
  return (row, x, pixels, to) => {
    const value = bits === 16 ? bytes.readUInt16LE(row + 2 * x) : bytes.readUInt32LE(row + 4 * x);
    for (let channel = 0; channel < 3; channel++) {
      const level = (value & masks[channel]!) >>> shifts[channel]!;
      pixels[to + channel] = Math.round((255 * level) / most[channel]!);
    }
  };
}
