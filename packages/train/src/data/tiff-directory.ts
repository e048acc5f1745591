/** @module The first directory of a TIFF file: enough to tell photos from camera raw files, which look like TIFF. */

import { rawPhoto } from './photo-format.ts';
import { SkippedPhoto } from './skipped-photo.ts';

const NEW_SUBFILE_TYPE = 254;
const PHOTOMETRIC = 262;
const DNG_VERSION = 50_706;
/** Photometric interpretations of sensor data: a colour filter array, and linear raw. */
const SENSOR = [32_803, 34_892];
const REDUCED_IMAGE = 1;

/** CIE L*a*b*, ICC L*a*b*, ITU L*a*b*. */
const LAB = [8, 9, 10];

/**
 * Throws `SkippedPhoto` for a camera raw file and for a TIFF whose colours libvips does not read. In raw files the first directory is
 * a preview of 160x120 pixels or the like, or what the sensor measured.
 */
export function checkTiff(bytes: Buffer): void {
  const tags = firstDirectory(bytes);
  const photometric = tags.get(PHOTOMETRIC) ?? 0;
  if (tags.has(DNG_VERSION)) throw rawPhoto('DNG');
  const isPreview = ((tags.get(NEW_SUBFILE_TYPE) ?? 0) & REDUCED_IMAGE) !== 0;
  if (isPreview || SENSOR.includes(photometric)) throw rawPhoto('in the form of a TIFF');
  if (LAB.includes(photometric)) throw new SkippedPhoto('not a supported image', 'CIELAB colours; export it as RGB');
}

/** Numbers by tag, of entries that hold one: as far as they can be read. */
function firstDirectory(bytes: Buffer): Map<number, number> {
  const little = bytes[0] === 0x49;
  const big = (little ? bytes[2] : bytes[3]) === 43;
  const u16 = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const u32 = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const u64 = (at: number) => Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  const tags = new Map<number, number>();
  try {
    const start = big ? u64(8) : u32(4);
    const count = big ? u64(start) : u16(start);
    const [first, length, value] = big ? [start + 8, 20, 12] : [start + 2, 12, 8];
    for (let i = 0, at = first; i < count; i++, at += length) {
      const isShort = u16(at + 2) === 3;
      tags.set(u16(at), isShort ? u16(at + value) : u32(at + value));
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return tags;
}
