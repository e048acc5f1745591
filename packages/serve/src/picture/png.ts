/** @module PNG files, still and animated, that say in words what they show. */

import encode, { init } from '@jsquash/png/encode.js';
import type { Picture } from './picture.ts';
import { type Chunk, readChunks, textChunk, writeChunks } from './png-chunks.ts';

/** What a PNG says about itself: keyword -> text, both Latin-1. */
export type Captions = Readonly<Record<string, string>>;

/** The chunks of a picture's PNG. @param module @jsquash/png's squoosh_png_bg.wasm */
async function encodeChunks({ data, width, height }: Picture, module: WebAssembly.Module): Promise<Chunk[]> {
  await init(module);
  return readChunks(new Uint8Array(await encode({ data, width, height, colorSpace: 'srgb' })));
}

/** A PNG file whose captions follow its header. @param module @jsquash/png's squoosh_png_bg.wasm */
export async function encodePng(
  picture: Picture,
  captions: Captions,
  module: WebAssembly.Module,
): Promise<Uint8Array<ArrayBuffer>> {
  const [header, ...rest] = await encodeChunks(picture, module);
  return writeChunks([header!, ...captionChunks(captions), ...rest]);
}

/**
 * An animated PNG (specification, chapter 11.3.5) that plays for ever; a viewer without animation shows the first frame.
 * Each frame is compressed by itself and then put into the frame chunks: libraries that write whole APNGs search for
 * differences between frames, which costs fifty times as much and finds none in pictures that change everywhere.
 *
 * @param frames at least one, all of one size, taken one at a time
 * @param count how many there are
 * @param delay milliseconds a frame
 */
export async function encodeApng(
  frames: AsyncIterable<Picture>,
  { count, delay, captions }: { count: number; delay: number; captions: Captions },
  module: WebAssembly.Module,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Chunk[] = [];
  let sequence = 0;
  for await (const frame of frames) {
    const encoded = await encodeChunks(frame, module);
    const first = chunks.length === 0;
    if (first) chunks.push(encoded[0]!, ...captionChunks(captions), { type: 'acTL', data: words(count, 0) });
    chunks.push({ type: 'fcTL', data: frameControl(sequence++, frame, delay) });
    for (const { type, data } of encoded.filter((chunk) => chunk.type === 'IDAT')) {
      chunks.push(first ? { type, data } : { type: 'fdAT', data: concatenate(words(sequence++), data) });
    }
  }
  return writeChunks([...chunks, { type: 'IEND', data: new Uint8Array() }]);
}

const captionChunks = (captions: Captions) =>
  Object.entries(captions).map(([keyword, text]) => textChunk(keyword, text));

/** 32-bit big-endian integers. */
function words(...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (const [index, value] of values.entries()) view.setUint32(4 * index, value);
  return new Uint8Array(view.buffer);
}

/** A whole frame at the top left, shown for `delay` ms; the next one overwrites it, transparency and all. */
function frameControl(sequence: number, { width, height }: Picture, delay: number): Uint8Array {
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
