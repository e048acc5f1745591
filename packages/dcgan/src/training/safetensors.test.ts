import { UserError } from '@latent-dogs/latent';
import { expect, test } from 'vitest';
import { parseSafetensors, safetensorsPieces } from './safetensors.ts';

const tensors = {
  'G/1/weight': { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, Number.NaN, Number.POSITIVE_INFINITY, -0) },
  'D/0/bias': { shape: [4], data: new Float32Array(Float32Array.of(9, 1, 2, 3, 4).buffer, 4) },
  step: { shape: [], data: Float32Array.of(7) },
  empty: { shape: [0, 5], data: new Float32Array(0) },
};

/** A file built from the specification, independently of the writer. */
function file(header: unknown, data: Uint8Array, padding = ''): Uint8Array {
  const json = Buffer.from((typeof header === 'string' ? header : JSON.stringify(header)) + padding);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

test('a written file is read back, bit for bit', () => {
  const read = parseSafetensors(Buffer.concat([...safetensorsPieces(tensors)]));
  expect(Object.keys(read).sort()).toEqual(Object.keys(tensors).sort());
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    expect(read[name]!.shape).toEqual(shape);
    expect(new Uint8Array(read[name]!.data.slice().buffer)).toEqual(new Uint8Array(data.slice().buffer));
  }
});

test('the bytes follow the format', () => {
  const bytes = Buffer.concat([...safetensorsPieces({ b: tensors.step, a: tensors['D/0/bias'] })]);
  const length = Number(bytes.readBigUInt64LE());
  expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
    a: { dtype: 'F32', shape: [4], data_offsets: [0, 16] },
    b: { dtype: 'F32', shape: [], data_offsets: [16, 20] },
  });
  expect(bytes[8]).toBe('{'.charCodeAt(0));
  expect(length % 8).toBe(0);
  const floats = [0, 4, 8, 12, 16].map((offset) => bytes.readFloatLE(8 + length + offset));
  expect(floats).toEqual([1, 2, 3, 4, 7]);
});

/** The data of the only tensor of a file, as numbers of 16 bits. */
function bitsOf(values: readonly number[]): number[] {
  const tensor = { shape: [values.length], data: Float32Array.from(values) };
  const bytes = Buffer.concat([...safetensorsPieces({ a: tensor }, () => 'F16')]);
  const start = 8 + Number(bytes.readBigUInt64LE());
  expect(bytes.length).toBe(start + 2 * values.length);
  return values.map((_, i) => bytes.readUInt16LE(start + 2 * i));
}

/** Bit patterns that numpy's float16 gives: `np.float32(x).astype(np.float16).view(np.uint16)`. */
const float16Bits: [value: number, bits: number][] = [
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2, 0xc000],
  [0.1, 0x2e66],
  [Math.PI, 0x4248],
  // Ties go to the even neighbour: 2049 lies between 2048 and 2050, 2051 between 2050 and 2052.
  [2049, 0x6800],
  [2051, 0x6802],
  [2049.0002, 0x6801],
  // The largest, and the last that is rounded down to it.
  [65504, 0x7bff],
  [-65504, 0xfbff],
  [65519.996, 0x7bff],
  // The smallest normal, the largest and the smallest subnormal.
  [2 ** -14, 0x0400],
  [2 ** -14 - 2 ** -24, 0x03ff],
  [2 ** -24, 0x0001],
  // Half of the smallest is a tie with 0; a little more is not.
  [2 ** -25, 0x0000],
  [-(2 ** -25), 0x8000],
  [2.9802326e-8, 0x0001],
  [Number.POSITIVE_INFINITY, 0x7c00],
  [Number.NEGATIVE_INFINITY, 0xfc00],
];

test.each(float16Bits)('%d as float16', (value, bits) => {
  expect(bitsOf([value])).toEqual([bits]);
});

test('every float16 value is read exactly', () => {
  const data = Buffer.alloc(2 * 65_536);
  for (let bits = 0; bits < 65_536; bits++) data.writeUInt16LE(bits, 2 * bits);
  const header = { a: { dtype: 'F16', shape: [256, 256], data_offsets: [0, data.length] } };
  // IEEE 754: sign, 5 bits of exponent, 10 bits of fraction.
  const expected = Float32Array.from({ length: 65_536 }, (_, bits) => {
    const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
    if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  });
  for (const padding of ['', ' ']) expect(parseSafetensors(file(header, data, padding)).a!.data).toEqual(expected);
});

test('float16 keeps NaN, and refuses a finite value that is too large', () => {
  expect(bitsOf([Number.NaN])[0]! & 0x7fff).toBeGreaterThan(0x7c00);
  expect(() => bitsOf([1, 65_520])).toThrow(UserError);
  expect(() => bitsOf([1, -7e4])).toThrow('a: -70000 is too large for float16, which ends at 65504');
});

test('one file can hold both types: float32 first, so that all values are aligned', () => {
  const tensors = {
    a: { shape: [1, 3], data: Float32Array.of(1, 2, 0.1) },
    b: { shape: [2], data: Float32Array.of(0.1, 0.2) },
  };
  const bytes = Buffer.concat([...safetensorsPieces(tensors, ({ shape }) => (shape.length > 1 ? 'F16' : 'F32'))]);
  const length = Number(bytes.readBigUInt64LE());
  expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
    b: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
    a: { dtype: 'F16', shape: [1, 3], data_offsets: [8, 14] },
  });
  const read = parseSafetensors(bytes);
  expect(read.b!.data).toEqual(tensors.b.data);
  // 0x2e66 = 0.0999755859375.
  expect([...read.a!.data]).toEqual([1, 2, 0.0999755859375]);
});

test('tensors are not copied for writing', () => {
  const pieces = [...safetensorsPieces({ a: tensors['D/0/bias'] })];
  expect(pieces[1]!.buffer).toBe(tensors['D/0/bias'].data.buffer);
});

test('reads files of other writers: metadata, any order of names, odd header lengths', () => {
  const header = {
    __metadata__: { format: 'pt' },
    z: { dtype: 'F32', shape: [1], data_offsets: [4, 8] },
    a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
  };
  const data = new Uint8Array(Float32Array.of(5, 6).buffer);
  for (const padding of ['', ' ', '  ', '   ']) {
    const read = parseSafetensors(file(header, data, padding));
    expect([...read.a!.data, ...read.z!.data]).toEqual([5, 6]);
  }
});

test.each<[string, Uint8Array]>([
  ['nothing', new Uint8Array(0)],
  ['a header longer than the file', Buffer.from([255, 255, 255, 255, 255, 255, 255, 255, 123])],
  ['a header that is not JSON', file('{"a": ', new Uint8Array(4))],
  ['JSON that is not an object', file('null', new Uint8Array(4))],
  ['a tensor without a shape', file({ a: { dtype: 'F32', data_offsets: [0, 4] } }, new Uint8Array(4))],
  ['another dtype', file({ a: { dtype: 'BF16', shape: [2], data_offsets: [0, 4] } }, new Uint8Array(4))],
  [
    'float16 of the length of float32',
    file({ a: { dtype: 'F16', shape: [2], data_offsets: [0, 8] } }, new Uint8Array(8)),
  ],
  [
    'offsets that do not match the size',
    file({ a: { dtype: 'F32', shape: [3], data_offsets: [0, 4] } }, new Uint8Array(4)),
  ],
  ['a hole', file({ a: { dtype: 'F32', shape: [1], data_offsets: [4, 8] } }, new Uint8Array(8))],
  ['negative offsets', file({ a: { dtype: 'F32', shape: [1], data_offsets: [-4, 0] } }, new Uint8Array(4))],
  ['data cut off', file({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, new Uint8Array(7))],
  ['data left over', file({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, new Uint8Array(5))],
])('%s is refused', (_, bytes) => {
  expect(() => parseSafetensors(bytes)).toThrow(UserError);
});

test('a shape that does not match its values is refused', () => {
  expect(() => [...safetensorsPieces({ a: { shape: [2, 2], data: new Float32Array(3) } })]).toThrow(/a: 3 values/);
  expect(() => [...safetensorsPieces({ __metadata__: { shape: [1], data: new Float32Array(1) } })]).toThrow(/named/);
});
