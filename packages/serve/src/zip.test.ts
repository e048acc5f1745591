import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { zip } from './zip.ts';

test('another implementation reads the files', () => {
  const files = [
    { name: 'dog-luna.png', data: Uint8Array.from({ length: 70_000 }, (_, i) => (i * i) % 251) },
    { name: 'dog-루나 🐕.png', data: Uint8Array.of(1, 2, 3) },
    { name: 'empty', data: new Uint8Array() },
  ];
  const read = unzipSync(zip(files));
  expect(Object.keys(read)).toEqual(files.map(({ name }) => name));
  for (const { name, data } of files) expect(Buffer.from(read[name]!).equals(Buffer.from(data))).toBe(true);
});

test('each entry has the checksum of the specification', () => {
  const bytes = Buffer.from(zip([{ name: 'a', data: new TextEncoder().encode('123456789') }]));
  // The check value of CRC-32, in the local header and in the directory.
  expect(bytes.readUInt32LE(14)).toBe(0xcbf43926);
  const directory = bytes.indexOf('PK\x01\x02', 0, 'latin1');
  expect(bytes.readUInt32LE(directory + 16)).toBe(0xcbf43926);
  expect(bytes.readUInt32LE(bytes.length - 6)).toBe(directory);
});

test('no files are an empty archive', () => {
  expect(unzipSync(zip([]))).toEqual({});
});
