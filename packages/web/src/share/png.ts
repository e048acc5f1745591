/** @module A dog as a PNG file (https://www.w3.org/TR/png-3/), encoded from its own pixels: some browsers blur canvases with noise. */
import type { Pixels } from '../engine/dog-maker.ts';
import { resample } from '../ui/resample.ts';

/** Pixels. */
const SIDE = 512;
const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
/** 8 bits, RGB. */
const COLOUR = [8, 2, 0, 0, 0];
/** The filter "Up": each level is stored as its difference from the one above, which compresses well. */
const UP = 2;

function crc(bytes: Uint8Array): number {
  let c = -1;
  for (const byte of bytes) {
    c ^= byte;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  }
  return ~c;
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setInt32(8 + data.length, crc(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

async function zlib(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const packed = new Blob([data]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** @param pixels RGBA [side, side, 4] */
export async function encodePng(pixels: Pixels): Promise<Blob> {
  const side = Math.sqrt(pixels.length / 4);
  const width = 1 + 3 * side;
  const rows = new Uint8Array(side * width);
  for (let y = 0; y < side; y++) {
    rows[y * width] = UP;
    for (let x = 0; x < side; x++) {
      for (let c = 0; c < 3; c++) {
        const at = 4 * (y * side + x) + c;
        rows[y * width + 1 + 3 * x + c] = pixels[at]! - (y === 0 ? 0 : pixels[at - 4 * side]!);
      }
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, side);
  view.setUint32(4, side);
  header.set(COLOUR, 8);
  const parts = [chunk('IHDR', header), chunk('IDAT', await zlib(rows)), chunk('IEND', new Uint8Array(0))];
  return new Blob([SIGNATURE, ...parts], { type: 'image/png' });
}

export const pngOf = (pixels: Pixels): Promise<Blob> => encodePng(resample(pixels, SIDE));
