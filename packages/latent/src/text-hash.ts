/** @module FNV-1a, which hashes text to a seed. */

/** The UTF-8 bytes of `text`; an unpaired surrogate becomes U+FFFD. `TextEncoder` is not part of ECMAScript. */
function utf8Bytes(text: string): number[] {
  const escaped = encodeURIComponent(text.toWellFormed());
  const bytes: number[] = [];
  for (let at = 0; at < escaped.length; at++) {
    if (escaped[at] !== '%') bytes.push(escaped.charCodeAt(at));
    else {
      bytes.push(Number.parseInt(escaped.slice(at + 1, at + 3), 16));
      at += 2;
    }
  }
  return bytes;
}

/** 32-bit FNV-1a (Fowler, Noll, Vo) of bytes, an unsigned 32-bit integer. */
export function hashBytes(bytes: Iterable<number>): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** 32-bit FNV-1a of the UTF-8 bytes of `text`. */
export function hashText(text: string): number {
  return hashBytes(utf8Bytes(text));
}
