/** @module PNG files, still and animated, with text chunks that describe the picture. */

import { promisify } from 'node:util';
import { constants, deflate, deflateSync, type ZlibOptions } from 'node:zlib';
import { join } from '../join.ts';
import type { Picture } from './picture.ts';
import { type Chunk, textChunk, writeChunks } from './png-chunks.ts';

/** Text chunks of a PNG: keyword in ASCII -> text. */
export type Captions = Readonly<Record<string, string>>;

/** A picture as chunks of a PNG file. */
interface EncodedFrame {
  readonly width: number;
  readonly height: number;
  /** The compressed pixels of its IDAT chunk. */
  readonly pixels: Uint8Array;
}

interface AnimationOptions {
  /** Number of frames. */
  readonly count: number;
  /** Milliseconds per frame. */
  readonly delay: number;
  readonly captions: Captions;
}

/**
 * Filtered dogs hardly repeat themselves: to search for repetitions, even at level 1, takes as long again and saves 1 % of a dog
 * as it is generated, 6 to 9 % of an enlarged one (docs/serve.md has the figures).
 */
const COMPRESSION = { level: 1, strategy: constants.Z_HUFFMAN_ONLY };
const compressElsewhere = promisify<Uint8Array, ZlibOptions, Buffer>(deflate);

/** Bytes that take about a millisecond: to pass them to another thread would take as long again. */
const FEW_BYTES = 1 << 18;

const compress = async (bytes: Uint8Array): Promise<Uint8Array> =>
  bytes.length <= FEW_BYTES ? deflateSync(bytes, COMPRESSION) : await compressElsewhere(bytes, COMPRESSION);

/** Colour types of the header, with as many bytes per pixel. */
const RGB = { type: 2, channels: 3 };
const RGBA = { type: 6, channels: 4 };
/** Filter "Average": each byte is the difference from the mean of those to the left and above. It suits smooth dogs best. */
const AVERAGE = 3;

/** Encodes a PNG file, with alpha only if something is transparent; its captions follow the header. */
export async function encodePng(picture: Picture, captions: Captions): Promise<Uint8Array<ArrayBuffer>> {
  const colours = isOpaque(picture) ? RGB : RGBA;
  const pixels = await compress(filterRows(picture, colours.channels));
  return writeChunks([
    header(picture, colours.type),
    ...captionChunks(captions),
    { type: 'IDAT', data: pixels },
    { type: 'IEND', data: new Uint8Array() },
  ]);
}

/** Compresses one frame of an animation, which is most of the work; alpha is ignored. */
export async function encodeFrame(picture: Picture): Promise<EncodedFrame> {
  const { width, height } = picture;
  return { width, height, pixels: await compress(filterRows(picture, RGB.channels)) };
}

/**
 * Encodes an endlessly looping animated PNG (specification, chapter 11.3.5); viewers without animation show the first frame.
 * Each frame is compressed on its own, then wrapped in frame chunks. Libraries that write whole APNGs search for
 * differences between frames, which takes fifty times as long and finds none in pictures that change everywhere.
 *
 * @param frames at least one, all of one size, consumed one at a time
 */
export async function encodeApng(
  frames: AsyncIterable<EncodedFrame>,
  { count, delay, captions }: AnimationOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Chunk[] = [];
  let sequence = 0;
  for await (const frame of frames) {
    const isFirst = chunks.length === 0;
    if (isFirst)
      chunks.push(header(frame, RGB.type), ...captionChunks(captions), { type: 'acTL', data: words(count, 0) });
    chunks.push({ type: 'fcTL', data: frameControl(sequence++, frame, delay) });
    chunks.push(
      isFirst ? { type: 'IDAT', data: frame.pixels } : { type: 'fdAT', data: join([words(sequence++), frame.pixels]) },
    );
  }
  return writeChunks([...chunks, { type: 'IEND', data: new Uint8Array() }]);
}

function isOpaque({ data }: Picture): boolean {
  // Every runtime is little-endian: alpha is the highest byte.
  for (const pixel of new Uint32Array(data.buffer)) if (pixel < 0xff_00_00_00) return false;
  return true;
}

/** Rows of filtered pixels, each after a byte for its filter (chapter 9): uint8 [height, 1 + width * channels]. */
function filterRows({ data, width, height }: Picture, channels: number): Uint8Array {
  const rows = new Uint8Array(height * (1 + width * channels));
  const stride = 4 * width;
  let to = 0;
  for (let row = 0; row < data.length; row += stride) {
    rows[to++] = AVERAGE;
    for (let pixel = row; pixel < row + stride; pixel += 4) {
      for (let at = pixel; at < pixel + channels; at++) {
        const left = pixel === row ? 0 : data[at - 4]!;
        const up = row === 0 ? 0 : data[at - stride]!;
        rows[to++] = data[at]! - ((left + up) >> 1);
      }
    }
  }
  return rows;
}

/** 8 bits per channel, not interlaced. */
function header({ width, height }: { width: number; height: number }, colourType: number): Chunk {
  return { type: 'IHDR', data: join([words(width, height), Uint8Array.of(8, colourType, 0, 0, 0)]) };
}

const captionChunks = (captions: Captions) =>
  Object.entries(captions).map(([keyword, text]) => textChunk(keyword, text));

/** 32-bit big-endian integers. */
function words(...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (const [index, value] of values.entries()) view.setUint32(4 * index, value);
  return new Uint8Array(view.buffer);
}

/** A full frame at the top left, shown for `delay` ms; the next one replaces it. */
function frameControl(sequence: number, { width, height }: EncodedFrame, delay: number): Uint8Array {
  const tail = new DataView(new ArrayBuffer(6));
  tail.setUint16(0, delay);
  tail.setUint16(2, 1000);
  return join([words(sequence, width, height, 0, 0), new Uint8Array(tail.buffer)]);
}
