/** @module Random numbers and random damage, the same for the same seed. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Whole numbers from 0 to `below - 1`. */
export type Random = (below: number) => number;

export function randomOf(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return (below) => uniformInt(generator, 0, below - 1);
}

/** One to four damages: flipped bits, other bytes, a piece cut out, cut off, repeated or zeroed. Mostly near the start, where headers are. */
export function damaged(file: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(file);
  for (let i = 1 + random(4); i > 0 && bytes.length > 8; i--) {
    const at = random(random(2) === 0 ? Math.min(bytes.length, 128) : bytes.length);
    const length = Math.min(bytes.length - at, 1 + random(64));
    const [before, piece, after] = [
      bytes.subarray(0, at),
      bytes.subarray(at, at + length),
      bytes.subarray(at + length),
    ];
    const kinds: (() => Buffer)[] = [
      () => Buffer.concat([before, Buffer.of(bytes[at]! ^ (1 << random(8))), bytes.subarray(at + 1)]),
      () => Buffer.concat([before, Buffer.from(piece.map(() => random(256))), after]),
      () => Buffer.concat([before, after]),
      () => bytes.subarray(0, at),
      () => Buffer.concat([before, piece, piece, after]),
      () => Buffer.concat([before, Buffer.alloc(length, random(2) * 255), after]),
    ];
    bytes = kinds[random(kinds.length)]!();
  }
  return bytes;
}
