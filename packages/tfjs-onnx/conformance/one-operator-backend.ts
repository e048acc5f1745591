/** @module A TF.js backend that runs each kernel as a graph of its own on ONNX Runtime; what has no lowering runs on TF.js's cpu backend. */
import { createRequire } from 'node:module';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { collectGraph } from '../src/graph/graph.ts';
import { GraphBuilder } from '../src/graph/graph-builder.ts';
import { materialise, rowMajor, type Traced } from '../src/graph/traced.ts';
import { complexParts } from '../src/kernels/complex.ts';
import { elementTypeOf } from '../src/kernels/lowering.ts';
import { loweringOf, loweringTable } from '../src/kernels/table.ts';
import { encodeOnnx } from '../src/onnx-model.ts';

export const BACKEND = 'one-operator';

/** What a kernel call came to. */
export interface Call {
  readonly kernel: string;
  /** Why TF.js's cpu backend computed it, undefined if ONNX Runtime did. */
  readonly refused?: string;
}

/** Calls since the last `splice`. */
export const calls: Call[] = [];

type Data = Float32Array | Int32Array | Uint8Array;
interface Binding {
  readonly InferenceSession: new () => {
    loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: object): void;
    run(feeds: object, fetches: object, options: object): Record<string, { data: Data; dims: number[] }>;
    dispose(): void;
  };
}

const require = createRequire(import.meta.url);
const { Tensor } = require('onnxruntime-node') as typeof import('onnxruntime-node');
const { binding, initOrt } = require(require.resolve('onnxruntime-node').replace(/index\.js$/, 'binding.js')) as {
  binding: Binding;
  initOrt(): void;
};
initOrt();

const isTensor = (value: unknown): value is tf.TensorInfo =>
  typeof value === 'object' && value !== null && 'dataId' in value;

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

/** One kernel call, lowered, compiled and run. The values of complex tensors are their real and imaginary parts. */
function runOnOnnx(kernel: string, inputs: tf.NamedTensorInfoMap, attrs: object, backend: MathBackendCPU) {
  const graph = new GraphBuilder();
  const feeds: Record<string, unknown> = {};
  const input = (name: string, data: Data, shape: number[], dtype: 'float32' | 'int32' | 'bool'): Traced => {
    feeds[name] = new Tensor(dtype, arrays[dtype].from(data) as Float32Array, shape);
    return rowMajor(graph.input(name, shape, dtype));
  };
  const traced = Object.fromEntries(
    Object.entries(inputs)
      .filter(([, tensor]) => isTensor(tensor))
      .map(([name, tensor]): [string, Traced] => {
        const info = tensor as tf.TensorInfo;
        const { shape, dtype } = info;
        if (dtype === 'complex64') {
          const { real, imag } = backend.data.get(info.dataId).complexTensorInfos!;
          const part = (suffix: string, { dataId }: tf.TensorInfo) =>
            input(name + suffix, backend.readSync(dataId) as Data, shape, 'float32');
          return [name, { ...part('/real', real), imaginary: part('/imag', imag).value }];
        }
        return [name, input(name, backend.readSync(info.dataId) as Data, shape, elementTypeOf(dtype) as 'float32')];
      }),
  );
  const context = { graph, convolution: 'conv', precision: 'fp32' } as const;
  const lower = loweringOf(kernel, Object.values(traced));
  const result = lower(Array.isArray(inputs) ? Object.values(traced) : traced, attrs ?? {}, context);
  const results = (Array.isArray(result) ? result : [result]) as readonly Traced[];
  const outputs = new Map(
    results.flatMap((one, i) => complexParts(one).map((part, j) => [`${i}/${j}`, materialise(graph, part)] as const)),
  );
  const collected = collectGraph(graph.inputs.values(), outputs);
  const used = new Set([...collected.nodes.flatMap((node) => node.inputs), ...outputs.values()]);
  const bytes = encodeOnnx({ ...collected, inputs: collected.inputs.filter((value) => used.has(value)) });
  const session = new binding.InferenceSession();
  session.loadModel(bytes.buffer, bytes.byteOffset, bytes.byteLength, { intraOpNumThreads: 1, logSeverityLevel: 4 });
  const fed = Object.fromEntries(
    Object.entries(feeds).filter(([name]) => collected.inputs.some((value) => value.input === name && used.has(value))),
  );
  const fetched = session.run(fed, Object.fromEntries([...outputs.keys()].map((name) => [name, null])), {});
  session.dispose();
  return results.map((one, i): tf.TensorInfo => {
    const shape = [...one.shape];
    const dims = fetched[`${i}/0`]!.dims;
    if (String(dims) !== String(shape)) throw new Error(`declared [${shape}], ONNX Runtime gives [${dims}]`);
    const type = one.value.type as 'float32';
    const store = (data: Data, dtype: 'float32' | 'int32' | 'bool') =>
      backend.makeTensorInfo(shape, dtype, arrays[dtype].from(data));
    if (!one.imaginary) return store(fetched[`${i}/0`]!.data, type);
    const complex = backend.makeTensorInfo(shape, 'complex64');
    const stored = backend.data.get(complex.dataId);
    stored.complexTensorInfos = {
      real: store(fetched[`${i}/0`]!.data, type),
      imag: store(fetched[`${i}/1`]!.data, type),
    };
    return complex;
  });
}

/** Registers the backend and its kernels, those of the cpu backend. */
export function registerBackend(): void {
  tf.registerBackend(BACKEND, () => new MathBackendCPU(), 1);
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    const { kernelName } = kernel;
    tf.registerKernel({
      ...kernel,
      backendName: BACKEND,
      kernelFunc: (parameters) => {
        let refused = 'no lowering';
        // A copy would leave TF.js's count of shared data wrong.
        if (kernelName in loweringTable && kernelName !== 'Identity') {
          try {
            const backend = parameters.backend as MathBackendCPU;
            const result = runOnOnnx(
              kernelName,
              parameters.inputs as tf.NamedTensorInfoMap,
              parameters.attrs as object,
              backend,
            );
            calls.push({ kernel: kernelName });
            return result.length !== 1 || isList(kernelName) ? result : result[0]!;
          } catch (error) {
            refused = (error as Error).message;
          }
        }
        calls.push({ kernel: kernelName, refused });
        return kernel.kernelFunc(parameters);
      },
    });
  }
}

/** Kernels whose result is a list, also of one tensor. */
const isList = (kernel: string): boolean => ['SplitV', 'Unpack'].includes(kernel);
