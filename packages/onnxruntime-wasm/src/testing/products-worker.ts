/** @module Multiplies matrices with one WebAssembly file of ONNX Runtime, in a thread of its own: ONNX Runtime takes one file for each thread. */
import { parentPort, workerData } from 'node:worker_threads';
import onnxProto from 'onnx-proto';
import * as ort from 'onnxruntime-web/wasm';

/** alpha·A·B + beta·C; A is [rows, inner] and B is [inner, columns] unless transposed. */
export interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly transA: boolean;
  readonly transB: boolean;
  readonly alpha: number;
  readonly beta: number;
  readonly a: Float32Array;
  readonly b: Float32Array;
  /** [rows, columns] */
  readonly c: Float32Array;
}

export interface Work {
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly products: readonly Product[];
}

const { onnx } = onnxProto;
const { FLOAT, INT } = onnx.AttributeProto.AttributeType;

function gemm({ transA, transB, alpha, beta }: Product): Uint8Array {
  const matrix = (name: string) => ({
    name,
    type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: `${name}0` }, { dimParam: `${name}1` }] } } },
  });
  const model = {
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'product',
      node: [
        {
          opType: 'Gemm',
          input: ['a', 'b', 'c'],
          output: ['y'],
          attribute: [
            { name: 'transA', type: INT, i: Number(transA) },
            { name: 'transB', type: INT, i: Number(transB) },
            { name: 'alpha', type: FLOAT, f: alpha },
            { name: 'beta', type: FLOAT, f: beta },
          ],
        },
      ],
      input: ['a', 'b', 'c'].map(matrix),
      output: [matrix('y')],
    },
  };
  return onnx.ModelProto.encode(model as unknown as Parameters<typeof onnx.ModelProto.encode>[0]).finish();
}

const { wasm, products } = workerData as Work;
ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmBinary = wasm;
const results: Float32Array[] = [];
for (const product of products) {
  const { rows, inner, columns, transA, transB, a, b, c } = product;
  const session = await ort.InferenceSession.create(gemm(product));
  const { y } = await session.run({
    a: new ort.Tensor('float32', a, transA ? [inner, rows] : [rows, inner]),
    b: new ort.Tensor('float32', b, transB ? [columns, inner] : [inner, columns]),
    c: new ort.Tensor('float32', c, [rows, columns]),
  });
  results.push(y!.data as Float32Array);
  await session.release();
}
parentPort!.postMessage(results);
