/** @module Instructions of WebAssembly as text, one on each line, to bytes. Only those that product-kernel.ts uses. */

const OPCODES: Readonly<Record<string, readonly number[]>> = {
  loop: [0x03, 0x40],
  br_if: [0x0d],
  'local.get': [0x20],
  'local.set': [0x21],
  'local.tee': [0x22],
  'i32.const': [0x41],
  'i32.gt_u': [0x4b],
  'i32.add': [0x6a],
  'i32.sub': [0x6b],
  'i32.shl': [0x74],
  // The alignment stands in the opcode: 16 bytes are read from any address, one float from a multiple of 4.
  'v128.load': [0xfd, 0x00, 0x00],
  'v128.load32_splat': [0xfd, 0x09, 0x02],
  'f32x4.add': [0xfd, 0xe4, 0x01],
  'f32x4.mul': [0xfd, 0xe6, 0x01],
};

/** A number in LEB128, as WebAssembly writes sizes, indices and offsets. */
export function leb128(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 128 : low);
  } while (rest > 0);
  return bytes;
}

/** The signed form. A number whose highest bit of seven is set needs one byte more, or it would be negative. */
const signedLeb128 = (value: number): number[] => {
  const bytes = leb128(value);
  const last = bytes.at(-1)!;
  return last & 64 ? [...bytes.slice(0, -1), last | 128, 0] : bytes;
};

/** @throws Error for an instruction that is not in the table above */
export function assemble(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const [name = '', ...operands] = line.split(' ');
    const opcode = OPCODES[name];
    if (!opcode) throw new Error(`No opcode for "${line}".`);
    const encode = name === 'i32.const' ? signedLeb128 : leb128;
    bytes.push(...opcode, ...operands.flatMap((operand) => encode(Number(operand))));
  }
  return Uint8Array.from(bytes);
}
