import { PICTURE } from './sizes.ts';

/** A picture in memory: rows of RGB or RGBA bytes. Alpha is ignored. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** [height, width, channels] */
  readonly pixels: Uint8Array | Uint8ClampedArray;
  readonly channels: 3 | 4;
}

/** A part of a picture, in whole pixels. */
export interface Part {
  /** Left edge. */
  readonly x: number;
  /** Top edge. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A picture, or a part of it, as the network sees it, squashed to 128x128: each pixel is the mean of the area that it covers.
 *
 * @returns RGB bytes, [128, 128, 3].
 * @throws RangeError if the number of bytes is not width · height · channels.
 */
export function squash(picture: Picture, part: Part = { x: 0, y: 0, ...picture }): Uint8Array {
  const { width, height, pixels, channels } = picture;
  if (pixels.length === 0 || pixels.length !== width * height * channels)
    throw new RangeError(`${pixels.length} bytes are not a picture of ${width}x${height}x${channels}`);
  const columns = covers(part.x, part.width);
  const rows = covers(part.y, part.height);
  const out = new Uint8Array(PICTURE * PICTURE * 3);
  const line = new Float64Array(width * channels);
  for (let y = 0; y < PICTURE; y++) {
    line.fill(0);
    for (let k = rows.starts[y]!; k < rows.starts[y + 1]!; k++) {
      const weight = rows.weights[k]!;
      const start = rows.sources[k]! * width * channels;
      for (let i = 0; i < line.length; i++) line[i]! += weight * pixels[start + i]!;
    }
    for (let x = 0; x < PICTURE; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let k = columns.starts[x]!; k < columns.starts[x + 1]!; k++)
          sum += columns.weights[k]! * line[columns.sources[k]! * channels + channel]!;
        out[(y * PICTURE + x) * 3 + channel] = Math.round(sum);
      }
    }
  }
  return out;
}

/** Entries `starts[i]` to `starts[i + 1]` - 1 are the source pixels that target pixel i covers, and their shares of it. */
interface Covers {
  readonly starts: number[];
  readonly sources: number[];
  readonly weights: number[];
}

/** Of the `length` source pixels of a line from `start` on, target pixel i covers the interval [i, i + 1) · length / 128. */
function covers(start: number, length: number): Covers {
  const [starts, sources, weights]: [number[], number[], number[]] = [[0], [], []];
  for (let i = 0; i < PICTURE; i++) {
    const [from, to] = [(i * length) / PICTURE, ((i + 1) * length) / PICTURE];
    for (let source = Math.floor(from); source < to && source < length; source++) {
      sources.push(start + source);
      weights.push((Math.min(source + 1, to) - Math.max(source, from)) / (to - from));
    }
    starts.push(sources.length);
  }
  return { starts, sources, weights };
}
