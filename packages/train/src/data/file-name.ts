/**
 * @module File names that are not UTF-8, as old Linux disks have them. Names are bytes there; as text, each byte that is no part
 * of UTF-8 is a lone surrogate, U+DC80 to U+DCFF (as in Python, PEP 383), so that text and bytes can be converted both ways.
 */

import { isUtf8 } from 'node:buffer';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a file name. */
export function escaped(name: Buffer): string {
  if (isUtf8(name)) return decoder.decode(name);
  let text = '';
  for (let at = 0; at < name.length; ) {
    const length = [1, 2, 3, 4].find((bytes) => at + bytes <= name.length && isUtf8(name.subarray(at, at + bytes)));
    text += length ? decoder.decode(name.subarray(at, at + length)) : String.fromCharCode(0xdc00 + name[at]!);
    at += length ?? 1;
  }
  return text;
}

/** The absolute path of `path` in `folder`, for the file system. */
export function placeOf(folder: string, path: string): string | Buffer {
  const place = path === '' ? folder : `${folder}/${path}`;
  if (place.isWellFormed()) return place;
  // Whole code points, so that two halves of one character are not taken for escaped bytes.
  return Buffer.concat(
    [...place].map((character) => {
      const code = character.codePointAt(0)!;
      return code >= 0xdc80 && code <= 0xdcff ? Buffer.of(code - 0xdc00) : Buffer.from(character);
    }),
  );
}
