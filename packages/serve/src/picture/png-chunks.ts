/** @module Chunks of PNG files (W3C PNG specification, third edition, chapter 5). */

import CRC32 from 'crc-32';

export interface Chunk {
  /** Four letters. */
  readonly type: string;
  readonly data: Uint8Array;
}

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
/** Bytes of a chunk besides its data: length, type and checksum. */
const FRAMING = 12;

/** Joins chunks into a PNG file. */
export function writeChunks(chunks: readonly Chunk[]): Uint8Array<ArrayBuffer> {
  const length = chunks.reduce((sum, { data }) => sum + FRAMING + data.length, SIGNATURE.length);
  const file = new Uint8Array(length);
  const view = new DataView(file.buffer);
  file.set(SIGNATURE);
  let at = SIGNATURE.length;
  for (const { type, data } of chunks) {
    view.setUint32(at, data.length);
    for (let i = 0; i < 4; i++) file[at + 4 + i] = type.charCodeAt(i);
    file.set(data, at + 8);
    const checked = file.subarray(at + 4, at + 8 + data.length);
    view.setUint32(at + 8 + data.length, CRC32.buf(checked));
    at += FRAMING + data.length;
  }
  return file;
}

/** A keyword of 1 to 79 characters in ASCII, and its text: a `tEXt` chunk if that is Latin-1, else `iTXt`. */
export function textChunk(keyword: string, text: string): Chunk {
  if (/^[ -~\u00a0-\u00ff]*$/.test(text)) {
    return { type: 'tEXt', data: Uint8Array.from(`${keyword}\0${text}`, (character) => character.charCodeAt(0)) };
  }
  // Not compressed, in no particular language, and the keyword is not translated.
  return { type: 'iTXt', data: new TextEncoder().encode(`${keyword}\0\0\0\0\0${text}`) };
}
