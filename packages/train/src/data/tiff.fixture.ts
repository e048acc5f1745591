/** @module TIFF files that sharp cannot write. */

interface TiffOptions {
  width: number;
  height: number;
  /** Interleaved samples, 3 per pixel. */
  samples: Uint8Array | Uint16Array | Int16Array | Float32Array;
  /** 1: unsigned, 2: signed, 3: float. */
  sampleFormat?: number;
  /** 2: RGB, 8: CIELAB. */
  photometric?: number;
  /** More tags, of type LONG. */
  tags?: Record<number, number>;
}

/** A little-endian, uncompressed TIFF of one strip. */
export function tiff({ width, height, samples, sampleFormat = 1, photometric = 2, tags = {} }: TiffOptions): Buffer {
  const bits = 8 * samples.BYTES_PER_ELEMENT;
  const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const entries: Record<number, number | number[]> = {
    256: width,
    257: height,
    258: [bits, bits, bits],
    259: 1,
    262: photometric,
    273: 8,
    277: 3,
    278: height,
    279: data.length,
    339: [sampleFormat, sampleFormat, sampleFormat],
    ...tags,
  };
  const numbers = Object.keys(entries).map(Number);
  const directory = 8 + data.length + (data.length % 2);
  const lists = directory + 2 + 12 * numbers.length + 4;
  const file = Buffer.alloc(lists + 12);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(directory, 4);
  data.copy(file, 8);
  file.writeUInt16LE(numbers.length, directory);
  let list = lists;
  for (const [i, tag] of numbers.entries()) {
    const at = directory + 2 + 12 * i;
    const value = entries[tag]!;
    file.writeUInt16LE(tag, at);
    if (typeof value === 'number') {
      file.writeUInt16LE(4, at + 2);
      file.writeUInt32LE(1, at + 4);
      file.writeUInt32LE(value, at + 8);
      continue;
    }
    file.writeUInt16LE(3, at + 2);
    file.writeUInt32LE(value.length, at + 4);
    file.writeUInt32LE(list, at + 8);
    for (const number of value) list = file.writeUInt16LE(number, list);
  }
  return file;
}
