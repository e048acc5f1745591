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
  ['another dtype', file({ a: { dtype: 'F16', shape: [2], data_offsets: [0, 4] } }, new Uint8Array(4))],
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
