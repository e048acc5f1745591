/** @module PNG files, still and animated, with text chunks that describe the picture. */

import encode, { init } from '@jsquash/png/encode.js';
import type { Picture } from './picture.ts';
import { type Chunk, readChunks, textChunk, writeChunks } from './png-chunks.ts';

/** Text chunks of a PNG: keyword -> text, both Latin-1. */
export type Captions = Readonly<Record<string, string>>;

/** A picture as chunks of a PNG file. */
interface EncodedFrame {
  readonly width: number;
  readonly height: number;
  readonly chunks: readonly Chunk[];
}

interface AnimationOptions {
  /** Number of frames. */
  readonly count: number;
  /** Milliseconds per frame. */
  readonly delay: number;
  readonly captions: Captions;
}

export interface PngEncoders {
  /** Encodes a PNG file; its captions follow the header. */
  readonly png: (picture: Picture, captions: Captions) => Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Encodes an endlessly looping animated PNG (specification, chapter 11.3.5); viewers without animation show the first frame.
   * Each frame is compressed on its own, then wrapped in frame chunks. Libraries that write whole APNGs search for
   * differences between frames, which takes fifty times as long and finds none in pictures that change everywhere.
   *
   * @param frames at least one, all of one size, consumed one at a time
   */
  readonly apng: (frames: AsyncIterable<EncodedFrame>, options: AnimationOptions) => Promise<Uint8Array<ArrayBuffer>>;
  /** Compresses one frame of an animation, which is most of the work. */
  readonly frame: (picture: Picture) => Promise<EncodedFrame>;
}

export function createPngEncoders(module: WebAssembly.Module): PngEncoders {
  async function encodeChunks({ data, width, height }: Picture): Promise<Chunk[]> {
    await init(module);
    return readChunks(new Uint8Array(await encode({ data, width, height, colorSpace: 'srgb' })));
  }
  return {
    png: async (picture, captions) => {
      const [header, ...rest] = await encodeChunks(picture);
      return writeChunks([header!, ...captionChunks(captions), ...rest]);
    },
    frame: async (picture) => ({
      width: picture.width,
      height: picture.height,
      chunks: await encodeChunks(picture),
    }),
    apng: async (frames, { count, delay, captions }) => {
      const chunks: Chunk[] = [];
      let sequence = 0;
      for await (const frame of frames) {
        const encoded = frame.chunks;
        const first = chunks.length === 0;
        if (first) chunks.push(encoded[0]!, ...captionChunks(captions), { type: 'acTL', data: words(count, 0) });
        chunks.push({ type: 'fcTL', data: frameControl(sequence++, frame, delay) });
        for (const { type, data } of encoded.filter((chunk) => chunk.type === 'IDAT')) {
          chunks.push(first ? { type, data } : { type: 'fdAT', data: concatenate(words(sequence++), data) });
        }
      }
      return writeChunks([...chunks, { type: 'IEND', data: new Uint8Array() }]);
    },
  };
}

const captionChunks = (captions: Captions) =>
  Object.entries(captions).map(([keyword, text]) => textChunk(keyword, text));

/** 32-bit big-endian integers. */
function words(...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (const [index, value] of values.entries()) view.setUint32(4 * index, value);
  return new Uint8Array(view.buffer);
}

/** A full frame at the top left, shown for `delay` ms; the next one replaces it, including transparency. */
function frameControl(sequence: number, { width, height }: EncodedFrame, delay: number): Uint8Array {
  const tail = new DataView(new ArrayBuffer(6));
  tail.setUint16(0, delay);
  tail.setUint16(2, 1000);
  return concatenate(words(sequence, width, height, 0, 0), new Uint8Array(tail.buffer));
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
