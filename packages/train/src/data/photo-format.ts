/** @module Recognises image files by their first bytes: names may be wrong (text called `.jpg`, JPEG called `.png`). */

import { extname } from 'node:path';
import { SkippedPhoto } from './skipped-photo.ts';

export const PHOTO_FORMATS = 'JPEG, PNG, WebP, AVIF, HEIC, GIF, TIFF and BMP';

/** Number of leading bytes that `formatOf` looks at. A shorter file is no problem. */
export const SIGNATURE_BYTES = 64;

/** `sharp`: one of the formats that sharp decodes. `raw`: what a camera's sensor measured, no finished picture. */
type Format = 'sharp' | 'heic' | 'bmp' | 'raw';

/** The format of a file that starts with `head`; null for other files. */
export function formatOf(head: Uint8Array): Format | null {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, SIGNATURE_BYTES)).toString('latin1');
  if (isRaw(text)) return 'raw';
  if (
    text.startsWith('\xff\xd8\xff') || // JPEG
    text.startsWith('\x89PNG\r\n\x1a\n') ||
    text.startsWith('GIF87a') ||
    text.startsWith('GIF89a') ||
    (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) ||
    isTiff(text)
  )
    return 'sharp';
  if (isBmp(text)) return 'bmp';
  return baseMediaFormat(text);
}

/** Throws `SkippedPhoto` if a file at `path` that starts with `head` is none of `PHOTO_FORMATS`. */
export function checkFormat(head: Uint8Array, path: string): void {
  const format = formatOf(head);
  if (format === null) throw new SkippedPhoto('not a supported image', advice(head));
  const extension = extname(path).slice(1).toUpperCase();
  if (format === 'raw') throw rawPhoto(extension || 'unknown make');
  // Raw files of many cameras look like TIFF at first; `decodePhoto` looks closer, but can't know them all.
  if (isTiff(Buffer.from(head).toString('latin1')) && RAW_EXTENSIONS.has(extension)) throw rawPhoto(extension);
}

/** For pictures that photo programs export and phones make. */
function advice(head: Uint8Array): string | undefined {
  const text = Buffer.from(head).toString('latin1');
  const known = Object.entries(OTHERS).find(([, starts]) => starts.some((start) => text.startsWith(start)));
  return known && `${known[0]}; export it as JPEG`;
}

const OTHERS = {
  'JPEG XL': ['\xff\x0a', '\0\0\0\x0cJXL '],
  'JPEG 2000': ['\xff\x4f\xff\x51', '\0\0\0\x0cjP  '],
  Photoshop: ['8BPS'],
};

export const rawPhoto = (kind: string): SkippedPhoto => new SkippedPhoto('camera raw', `${kind}; export it as JPEG`);

const RAW_EXTENSIONS = new Set(
  '3FR ARW CR2 DCR DNG ERF FFF IIQ K25 KDC MEF MOS NEF NRW ORF PEF RW2 RWL SR2 SRF SRW'.split(' '),
);

/** Classic TIFF (42) and BigTIFF (43), either byte order. */
export function isTiff(text: string): boolean {
  return ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((magic) => text.startsWith(magic));
}

/** Fujifilm, Olympus, Panasonic, Canon (CR2, CR3), Phase One. */
function isRaw(text: string): boolean {
  return (
    ['FUJIFILMCCD-RAW', 'IIRO', 'IIRS', 'MMOR', 'IIU\0'].some((magic) => text.startsWith(magic)) ||
    (isTiff(text) && (text.startsWith('CR', 8) || text.startsWith('IIII', 8))) ||
    text.startsWith('ftypcrx ', 4)
  );
}

/** `BM`, then a header length that is in use: two letters alone may start a text. */
function isBmp(text: string): boolean {
  return text.startsWith('BM') && [12, 40, 52, 56, 64, 108, 124].includes(text.charCodeAt(14)) && text[15] === '\0';
}

/** An ISO base media file by the brands in its `ftyp` box, major or compatible: AV1 images, or HEVC ones. */
function baseMediaFormat(text: string): 'sharp' | 'heic' | null {
  if (!text.startsWith('ftyp', 4)) return null;
  const brands = text.slice(8, Math.min(Buffer.from(text, 'latin1').readUInt32BE(0), SIGNATURE_BYTES));
  if (/avif|avis/.test(brands)) return 'sharp';
  return /hei[cxms]|hev[cxms]|mif1|msf1/.test(brands) ? 'heic' : null;
}
