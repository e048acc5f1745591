/** @module Animated WebP files, put together from still ones (https://developers.google.com/speed/webp/docs/riff_container). */

import { join } from '../join.ts';

interface AnimationOptions {
  /** Width of all frames, pixels. */
  readonly width: number;
  /** Height of all frames, pixels. */
  readonly height: number;
  /** Milliseconds per frame. */
  readonly delay: number;
}

/** Bytes of a RIFF header: "RIFF", the length, "WEBP". */
const RIFF_HEADER = 12;
/** Bytes before the data of a chunk: four letters and the length. */
const CHUNK_HEADER = 8;
/** Flag of the VP8X chunk. */
const ANIMATED = 0x02;
/** Flag of a frame: it replaces what was there. */
const NO_BLENDING = 0x02;

/**
 * An endlessly looping animation. Each frame covers the whole picture.
 *
 * @param frames still WebP files without alpha, at least one
 */
export function animateWebp(
  frames: readonly Uint8Array[],
  { width, height, delay }: AnimationOptions,
): Uint8Array<ArrayBuffer> {
  const size = [...triple(width - 1), ...triple(height - 1)];
  const chunks = [
    chunk('VP8X', Uint8Array.of(ANIMATED, 0, 0, 0, ...size)),
    // Background colour and number of loops, 0 for endless.
    chunk('ANIM', new Uint8Array(6)),
    ...frames.map((frame) => {
      const placed = Uint8Array.of(...triple(0), ...triple(0), ...size, ...triple(delay), NO_BLENDING);
      return chunk('ANMF', join([placed, pictureChunk(frame)]));
    }),
  ];
  const body = join(chunks);
  const header = new Uint8Array(RIFF_HEADER);
  header.set(letters('RIFF'));
  new DataView(header.buffer).setUint32(4, 4 + body.length, true);
  header.set(letters('WEBP'), 8);
  return join([header, body]);
}

/** The chunk with the pixels of a still WebP file. */
function pictureChunk(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = RIFF_HEADER; at < file.length; ) {
    const length = CHUNK_HEADER + view.getUint32(at + 4, true);
    const end = at + length + (length % 2);
    if (/^VP8[ L]$/.test(String.fromCharCode(...file.subarray(at, at + 4)))) return file.subarray(at, end);
    at = end;
  }
  throw new Error('A frame is no WebP file.');
}

/** Chunks begin at even positions. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(CHUNK_HEADER + data.length + (data.length % 2));
  bytes.set(letters(type));
  new DataView(bytes.buffer).setUint32(4, data.length, true);
  bytes.set(data, CHUNK_HEADER);
  return bytes;
}

/** A 24-bit little-endian integer. */
const triple = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255];

const letters = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
