/** @module The safetensors file format (https://github.com/huggingface/safetensors#format), for float32 and float16. */
import { UserError } from '@latent-dogs/latent';
import type { Tensor } from '../step/state.ts';

/** Element types, with their bytes per value. */
const WIDTHS = { F32: 4, F16: 2 } as const;
/** How a file stores a tensor; in memory all are float32. */
export type StoredType = keyof typeof WIDTHS;

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [begin: number, end: number];
}

const longestHeader = 100_000_000;

/**
 * The bytes of a file, in pieces: its header, then each tensor. A float32 tensor is a view of its memory (no copy). float32
 * comes first, so that all values are aligned; names are sorted, so equal tensors make equal files.
 *
 * @param typeOf how to store a tensor; float32 if absent. float16 rounds to the nearest value, ties to even.
 * @throws {Error} if a tensor's length doesn't match its shape.
 * @throws {UserError} naming a tensor with a value that is too large for float16.
 */
export function* safetensorsPieces(
  tensors: Readonly<Record<string, Tensor>>,
  typeOf: (tensor: Tensor) => StoredType = () => 'F32',
): Generator<Uint8Array> {
  const named = Object.keys(tensors)
    .sort()
    .map((name) => ({ name, ...tensors[name]!, dtype: typeOf(tensors[name]!) }));
  const stored = (['F32', 'F16'] as const).flatMap((type) => named.filter(({ dtype }) => dtype === type));
  const header: Record<string, Entry> = {};
  let end = 0;
  for (const { name, shape, data, dtype } of stored) {
    if (name === '__metadata__') throw new Error('a tensor cannot be named __metadata__');
    if (size(shape) !== data.length) throw new Error(`${name}: ${data.length} values don't match shape [${shape}]`);
    const bytes = data.length * WIDTHS[dtype];
    header[name] = { dtype, shape, data_offsets: [end, end + bytes] };
    end += bytes;
  }
  yield headerBytes(header);
  for (const { name, data, dtype } of stored) {
    const values = dtype === 'F32' ? data : halves(name, data);
    yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }
}

/** float16 values. @throws {UserError} if a finite value becomes infinite. */
function halves(name: string, data: Float32Array): Float16Array {
  const rounded = new Float16Array(data);
  const overflown = data.findIndex((value, i) => Number.isFinite(value) && !Number.isFinite(rounded[i]));
  if (overflown < 0) return rounded;
  throw new UserError(`${name}: ${data[overflown]} is too large for float16, which ends at 65504`);
}

/**
 * Parses a whole file. float32 tensors are views of `bytes` where its alignment allows, otherwise copies.
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
    const { dtype, shape } = entry;
    if (dtype !== 'F32' && dtype !== 'F16')
      throw new UserError(`${name}: dtype ${dtype} is not supported; legal: F32, F16`);
    if (from !== end || to - from !== WIDTHS[dtype] * size(shape))
      throw new UserError(`${name}: offsets don't match its shape`);
    tensors[name] = { shape, data: floats(bytes.subarray(8 + length + from, 8 + length + to), dtype) };
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

function floats(bytes: Uint8Array, dtype: StoredType): Float32Array {
  const width = WIDTHS[dtype];
  const { buffer, byteOffset } = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
  const count = bytes.length / width;
  return dtype === 'F32'
    ? new Float32Array(buffer, byteOffset, count)
    : new Float32Array(new Float16Array(buffer, byteOffset, count));
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
