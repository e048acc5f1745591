/** @module ZIP archives without compression (PKWARE, APPNOTE.TXT, version 6.3.10). */

import CRC32 from 'crc-32';
import { join } from './join.ts';

export interface ArchivedFile {
  /** Any text without a slash. */
  readonly name: string;
  readonly data: Uint8Array;
}

/** Version 2.0 of the format suffices. */
const VERSION = 20;
/** Names are UTF-8. */
const UTF8 = 0x0800;
/** 1 January 1980, the first day that the format knows: the same files give the same archive. */
const DATE = 0x21;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

/** Pictures hardly become smaller by compression, so files are stored as they are: at most 65,535 of them and 4 GiB in all. */
export function zip(files: readonly ArchivedFile[]): Uint8Array<ArrayBuffer> {
  const entries: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, data } of files) {
    const encoded = new TextEncoder().encode(name);
    const about = [
      ...word(VERSION),
      ...word(UTF8),
      // Stored; the time 0:00.
      ...word(0),
      ...word(0),
      ...word(DATE),
      ...long(CRC32.buf(data)),
      ...long(data.length),
      ...long(data.length),
      ...word(encoded.length),
      // No extra field.
      ...word(0),
    ];
    const header = Uint8Array.from([...long(LOCAL), ...about, ...encoded]);
    entries.push(header, data);
    // Made with this version, by MS-DOS, which says nothing about permissions; no comment, first disk, no attributes.
    const entry = [...long(CENTRAL), ...word(VERSION), ...about, ...word(0), ...word(0), ...word(0), ...long(0)];
    directory.push(Uint8Array.from([...entry, ...long(offset), ...encoded]));
    offset += header.length + data.length;
  }
  const length = directory.reduce((sum, entry) => sum + entry.length, 0);
  const count = word(directory.length);
  const end = [...long(END), ...word(0), ...word(0), ...count, ...count, ...long(length), ...long(offset), ...word(0)];
  return join([...entries, ...directory, Uint8Array.from(end)]);
}

/** 16 bits, little-endian. */
const word = (value: number) => [value & 255, (value >> 8) & 255];

/** 32 bits, little-endian. */
const long = (value: number) => [...word(value), ...word(value >> 16)];
