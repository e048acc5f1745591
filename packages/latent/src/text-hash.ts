/** @module FNV-1a, which hashes text to a seed. */

/** The UTF-8 bytes of `text`; an unpaired surrogate becomes U+FFFD. `TextEncoder` is not part of ECMAScript. */
function utf8Bytes(text: string): number[] {
  const escaped = encodeURIComponent(text.toWellFormed());
  return Array.from(escaped.matchAll(/%(..)|./g), ([symbol, hex]) =>
    hex === undefined ? symbol.charCodeAt(0) : Number.parseInt(hex, 16),
  );
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
