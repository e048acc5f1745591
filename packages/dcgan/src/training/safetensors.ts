/** @module The safetensors file format (https://github.com/huggingface/safetensors#format), for float32 tensors. */
import { UserError } from '@latent-dogs/latent';
import type { Tensor } from '../step/state.ts';

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [begin: number, end: number];
}

const longestHeader = 100_000_000;

/**
 * The bytes of a file, in pieces: its header, then a view of each tensor's memory (no copy). Names are sorted, so equal
 * tensors make equal files.
 *
 * @throws {Error} if a tensor's length doesn't match its shape.
 */
export function* safetensorsPieces(tensors: Readonly<Record<string, Tensor>>): Generator<Uint8Array> {
  const names = Object.keys(tensors).sort();
  const header: Record<string, Entry> = {};
  let end = 0;
  for (const name of names) {
    const { shape, data } = tensors[name]!;
    if (name === '__metadata__') throw new Error('a tensor cannot be named __metadata__');
    if (size(shape) !== data.length) throw new Error(`${name}: ${data.length} values don't match shape [${shape}]`);
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  yield headerBytes(header);
  for (const name of names) {
    const { data } = tensors[name]!;
    yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
}

/**
 * Parses a whole file. The tensors are views of `bytes` where its alignment allows, otherwise copies.
 *
 * @throws {UserError} saying what is wrong with the file.
 */
export function parseSafetensors(bytes: Uint8Array): Record<string, Tensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? -1 : Number(view.getBigUint64(0, true));
  if (length < 2 || length > longestHeader || 8 + length > bytes.length) {
    throw new UserError('not a safetensors file: its header is incomplete');
  }
  const header = parseHeader(bytes.subarray(8, 8 + length));
  const dataEnd = Math.max(0, ...header.map(([, { data_offsets }]) => data_offsets[1]));
  if (8 + length + dataEnd !== bytes.length) {
    throw new UserError(`incomplete safetensors file: ${bytes.length} bytes; its header says ${8 + length + dataEnd}`);
  }
  const tensors: Record<string, Tensor> = Object.create(null);
  let end = 0;
  for (const [name, entry] of header) {
    const [from, to] = entry.data_offsets;
    if (entry.dtype !== 'F32') throw new UserError(`${name}: dtype ${entry.dtype} is not supported; legal: F32`);
    if (from !== end || to - from !== 4 * size(entry.shape))
      throw new UserError(`${name}: offsets don't match its shape`);
    tensors[name] = { shape: entry.shape, data: floats(bytes.subarray(8 + length + from, 8 + length + to)) };
    end = to;
  }
  return tensors;
}

function headerBytes(header: Record<string, Entry>): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  // The format pads the header with spaces, so that the data begins at a multiple of 8.
  const padded = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20);
  new DataView(padded.buffer).setBigUint64(0, BigInt(padded.length - 8), true);
  padded.set(json, 8);
  return padded;
}

function parseHeader(bytes: Uint8Array): [string, Entry][] {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new UserError('not a safetensors file: its header is not JSON');
  }
  const entries = Object.entries((json ?? {}) as Record<string, Entry>).filter(([name]) => name !== '__metadata__');
  for (const [name, entry] of entries) {
    const numbers = [entry?.shape, entry?.data_offsets].every(
      (list) => Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0),
    );
    if (!numbers || entry.data_offsets.length !== 2)
      throw new UserError(`${name}: its shape or offsets are not lists of numbers`);
  }
  return entries.sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1]);
}

function floats(bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
