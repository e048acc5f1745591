/**
 * @module The inner loop of ONNX Runtime's matrix product, in an order that a browser's compiler has registers for.
 *
 * Most of a training step, and of a picture, is matrix products, and those are one loop (`MlasSgemmKernel…` in
 * onnxruntime/core/mlas/lib/wasm_simd/SgemmKernelWasmSimd.cpp). Each round multiplies two rows of the left matrix with
 * 16 columns of the right one, over two values of the inner dimension k: 8 vectors of 4 sums. As it is compiled in the
 * published file, it reads all 8 vectors of the right matrix for the first row and keeps them for the second. With the
 * sums and the factors these are 20 vectors at once. An x86 processor has 16 registers, of which browsers use 15, so some
 * sums go through memory in every round, and each waits for the one before.
 *
 * Here a vector of the right matrix is used for both rows as soon as it is read: 11 vectors at once. Every sum is made of the
 * same products in the same order, so the results are the same bits.
 */
import { createHash } from 'node:crypto';
import { type Replacement, replaceCode } from './functions.ts';
import { assemble } from './instructions.ts';

/** Local variables of one kernel, by their numbers. */
interface Kernel {
  /** The sums: two rows of four vectors. */
  readonly sums: readonly [Row, Row];
  /** Values of k that are left. */
  readonly left: number;
  /** Free for us: an address, the two rows' factors, a vector of the right matrix. */
  readonly secondRow: number;
  readonly factors: readonly [number, number];
  readonly column: number;
  /** SHA-256 of the loop as it is. */
  readonly sha256: string;
}
type Row = readonly [number, number, number, number];

/** Parameters, the same in both kernels: addresses of the two matrices, and floats from one row to the next. */
const LEFT = 4;
const RIGHT = 1;
const STRIDE = 6;

/** One kernel writes the product, the other adds it to what is there. */
const KERNELS: readonly Kernel[] = [
  {
    sums: [
      [22, 21, 20, 19],
      [16, 12, 11, 14],
    ],
    left: 27,
    secondRow: 29,
    factors: [9, 10],
    column: 17,
    sha256: 'f5ad8b82af64d620b048970256917807a98feb79a5e0299724ab2c8be8933996',
  },
  {
    sums: [
      [19, 18, 17, 16],
      [14, 10, 12, 11],
    ],
    left: 28,
    secondRow: 30,
    factors: [9, 13],
    column: 20,
    sha256: '9f0e564b21e72ea0dbf10df0936199a9d9ce328b2dffd0af1fb722dfa2e32b88',
  },
];

/** Values of k in one round, vectors of 4 columns in one row, bytes of a vector and of a float. */
const UNROLLED = 2;
const VECTORS = [0, 1, 2, 3] as const;
const VECTOR_BYTES = 16;
const FLOAT_BYTES = 4;

/** The first instructions of the loop, which are nowhere else in the file. */
const beginning = ({ sums: [first], factors: [factor] }: Kernel) => `
  loop
  local.get ${first[3]}
  local.get ${LEFT}
  v128.load32_splat 0
  local.tee ${factor}
  local.get ${RIGHT}
  v128.load ${3 * VECTOR_BYTES}`;

/** The last ones, up to the jump back. */
const ending = ({ left }: Kernel) => `
  local.get ${RIGHT}
  i32.const ${UNROLLED * VECTORS.length * VECTOR_BYTES}
  i32.add
  local.set ${RIGHT}
  local.get ${LEFT}
  i32.const ${UNROLLED * FLOAT_BYTES}
  i32.add
  local.set ${LEFT}
  local.get ${left}
  i32.const ${UNROLLED}
  i32.sub
  local.tee ${left}
  i32.const 1
  i32.gt_u
  br_if 0`;

function loop(kernel: Kernel): string {
  const { secondRow, factors, column } = kernel;
  const rows = [
    { sums: kernel.sums[0], address: LEFT, factor: factors[0] },
    { sums: kernel.sums[1], address: secondRow, factor: factors[1] },
  ];
  let text = `
    loop
    local.get ${LEFT}
    local.get ${STRIDE}
    i32.const ${Math.log2(FLOAT_BYTES)}
    i32.shl
    i32.add
    local.set ${secondRow}`;
  for (let k = 0; k < UNROLLED; k++) {
    for (const { address, factor } of rows)
      text += `
        local.get ${address}
        v128.load32_splat ${k * FLOAT_BYTES}
        local.set ${factor}`;
    for (const vector of VECTORS) {
      text += `
        local.get ${RIGHT}
        v128.load ${(k * VECTORS.length + vector) * VECTOR_BYTES}
        local.set ${column}`;
      for (const { sums, factor } of rows)
        text += `
          local.get ${sums[vector]}
          local.get ${factor}
          local.get ${column}
          f32x4.mul
          f32x4.add
          local.set ${sums[vector]}`;
    }
  }
  return text + ending(kernel);
}

/**
 * `ort-wasm-simd-threaded.wasm` with both loops replaced.
 *
 * @throws Error if a loop is not what this module knows, as in another version of ONNX Runtime
 */
export function withFasterProducts(module: Uint8Array): Uint8Array {
  return replaceCode(
    module,
    KERNELS.map((kernel) => find(module, kernel)),
  );
}

function find(module: Uint8Array, kernel: Kernel): Replacement {
  const bytes = Buffer.from(module.buffer, module.byteOffset, module.length);
  const from = bytes.indexOf(assemble(beginning(kernel)));
  const last = assemble(ending(kernel));
  const to = bytes.indexOf(last, from) + last.length;
  const sha256 = createHash('sha256').update(bytes.subarray(from, to)).digest('hex');
  if (from < 0 || sha256 !== kernel.sha256)
    throw new Error(
      'The matrix product of this onnxruntime-web is not the one that packages/onnxruntime-wasm/src/product-kernel.ts replaces. If ' +
        'ONNX Runtime was updated, compare the loops (`wasm-objdump -d`), then mend KERNELS there, or use the file as it is.',
    );
  return { from, to, code: assemble(loop(kernel)) };
}
