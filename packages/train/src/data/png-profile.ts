/** @module Gives a PNG a colour profile. */
import { crc32, deflateSync } from 'node:zlib';

/** Bytes of the signature and the header chunk, which come first. */
const HEADER = 33;

/** Inserts `profile`, an ICC profile, as iCCP chunk (PNG specification, third edition, 11.3.2.3). `png` has none yet. */
export function withProfile(png: Buffer, profile: Buffer): Buffer {
  const name = Buffer.from('ICC\0\0', 'latin1'); // a name, its end, and compression method 0
  const chunk = Buffer.concat([Buffer.from('iCCP'), name, deflateSync(profile)]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(chunk.length - 4);
  checksum.writeUInt32BE(crc32(chunk));
  return Buffer.concat([png.subarray(0, HEADER), length, chunk, checksum, png.subarray(HEADER)]);
}
