import { expect, test } from 'vitest';
import { replaceCode } from './functions.ts';
import { assemble } from './instructions.ts';

/** Two functions, `(i32) -> i32`, exported as `a` and `b`; each returns its argument plus 1, or plus 2. */
const MODULE = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f],
  ...[3, 3, 2, 0, 0],
  ...[7, 9, 2, 1, 0x61, 0, 0, 1, 0x62, 0, 1],
  ...[10, 17, 2, 7, 0, 0x20, 0, 0x41, 1, 0x6a, 0x0b, 7, 0, 0x20, 0, 0x41, 2, 0x6a, 0x0b],
]);
const CONST_1 = MODULE.length - 12;
const CONST_2 = MODULE.length - 4;

const run = async (bytes: Uint8Array) => {
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(bytes));
  const { a, b } = instance.exports as Record<'a' | 'b', (x: number) => number>;
  return [a(1000), b(1000)];
};

test('code of another length', async () => {
  expect(await run(MODULE)).toEqual([1001, 1002]);
  const longer = { from: CONST_1, to: CONST_1 + 2, code: assemble('i32.const 123456') };
  expect(await run(replaceCode(MODULE, [longer]))).toEqual([124456, 1002]);
  // So long that the sizes need two bytes.
  const long = { from: CONST_2, to: CONST_2 + 3, code: assemble('i32.const 1\ni32.add\n'.repeat(300)) };
  expect(await run(replaceCode(MODULE, [long, longer]))).toEqual([124456, 1300]);
});

test.each([0, 1, 63, 64, 127, 128, 8191, 8192])('the constant %d', async (value) => {
  const changed = { from: CONST_1, to: CONST_1 + 2, code: assemble(`i32.const ${value}`) };
  expect(await run(replaceCode(MODULE, [changed]))).toEqual([1000 + value, 1002]);
});

test('what is not inside a function is refused', () => {
  const code = assemble('i32.const 1');
  expect(() => replaceCode(MODULE, [{ from: 9, to: 10, code }])).toThrow('0 of 1 replacements are in functions.');
});

test('an unknown instruction is named', () => {
  expect(() => assemble('local.get 1\ni32.mul')).toThrow('No opcode for "i32.mul".');
});
