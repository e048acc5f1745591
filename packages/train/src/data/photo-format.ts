/** @module Recognises image files by their first bytes: names may be wrong (text called `.jpg`, JPEG called `.png`). */

export const PHOTO_FORMATS = 'JPEG, PNG, WebP, AVIF, GIF and TIFF';

/** Number of leading bytes that `isPhoto` looks at. A shorter file is no problem. */
export const SIGNATURE_BYTES = 64;

/** True if `head`, the first bytes of a file, starts one of `PHOTO_FORMATS`. */
export function isPhoto(head: Buffer): boolean {
  const text = head.toString('latin1', 0, SIGNATURE_BYTES);
  return (
    text.startsWith('\xff\xd8\xff') || // JPEG
    text.startsWith('\x89PNG\r\n\x1a\n') ||
    text.startsWith('GIF87a') ||
    text.startsWith('GIF89a') ||
    (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) ||
    isTiff(text) ||
    isAvif(head, text)
  );
}

/** Classic TIFF (42) and BigTIFF (43), either byte order. */
function isTiff(text: string): boolean {
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((magic) => text.startsWith(magic));
}

/** An ISO base media file whose `ftyp` box names an AV1 image brand, as major or compatible brand. HEIC files name none. */
function isAvif(head: Buffer, text: string): boolean {
  if (!text.startsWith('ftyp', 4)) return false;
  const brands = text.slice(8, Math.min(head.readUInt32BE(0), SIGNATURE_BYTES));
  return /avif|avis/.test(brands);
}
