/** @module Replaces code in a WebAssembly module. The code may get longer: the sizes written before it are corrected. */
import { leb128 } from './instructions.ts';

/** Bytes `from` to `to` of the module, inside one function, become `code`. */
export interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly code: Uint8Array;
}

/** Of the binary format, section 5.5.2. */
const CODE_SECTION = 10;
const HEADER = 8;

/** @throws Error if a replacement is not inside a function */
export function replaceCode(module: Uint8Array, replacements: readonly Replacement[]): Uint8Array {
  const reader = new Reader(module, HEADER);
  const parts: Uint8Array[] = [module.subarray(0, HEADER)];
  let replaced = 0;
  while (reader.at < module.length) {
    const start = reader.at;
    const id = reader.byte();
    const size = reader.number();
    const end = reader.at + size;
    if (id === CODE_SECTION) {
      const functions: Uint8Array[] = [Uint8Array.from(leb128(reader.number()))];
      while (reader.at < end) {
        const function_ = functionAt(reader, replacements);
        replaced += function_.replaced;
        functions.push(...function_.parts);
      }
      parts.push(Uint8Array.from([id, ...leb128(lengthOf(functions))]), ...functions);
    } else {
      parts.push(module.subarray(start, end));
    }
    reader.at = end;
  }
  if (replaced !== replacements.length)
    throw new Error(`${replaced} of ${replacements.length} replacements are in functions.`);
  return concatenate(parts);
}

/** The next function, size and body, with what is replaced in it. */
function functionAt(reader: Reader, replacements: readonly Replacement[]): { parts: Uint8Array[]; replaced: number } {
  const start = reader.at;
  const size = reader.number();
  const body = reader.at;
  const end = body + size;
  reader.at = end;
  const inside = replacements.filter(({ from, to }) => from >= body && to <= end).sort((a, b) => a.from - b.from);
  if (inside.length === 0) return { parts: [reader.bytes.subarray(start, end)], replaced: 0 };
  const parts: Uint8Array[] = [];
  let copied = body;
  for (const { from, to, code } of inside) {
    parts.push(reader.bytes.subarray(copied, from), code);
    copied = to;
  }
  parts.push(reader.bytes.subarray(copied, end));
  return { parts: [Uint8Array.from(leb128(lengthOf(parts))), ...parts], replaced: inside.length };
}

class Reader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(): number {
    return this.bytes[this.at++]!;
  }

  /** An unsigned number in LEB128. */
  number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }
}

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0);

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
