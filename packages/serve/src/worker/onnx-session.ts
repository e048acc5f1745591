/** @module The model on onnxruntime-web in workerd, which does not allow compiling WebAssembly. */

import ortModule from 'onnxruntime-web/ort-wasm-simd-threaded.wasm';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import type { Run } from '../generator.ts';

/** @param model the ONNX file */
export async function openOnnxSession(model: ArrayBuffer): Promise<Run> {
  // A Worker has one thread.
  env.wasm.numThreads = 1;
  const session = await withPrecompiled(ortModule, () =>
    InferenceSession.create(model, { executionProviders: ['wasm'] }),
  );
  return async (z) => {
    const { pixels } = await session.run({ z: new Tensor('float32', z, [1, z.length]) }, ['pixels']);
    return pixels!.data as Uint8Array;
  };
}

/** ONNX Runtime compiles WebAssembly from bytes, which workerd forbids. During `work` it gets `module` instead. */
async function withPrecompiled<Value>(module: WebAssembly.Module, work: () => Promise<Value>): Promise<Value> {
  env.wasm.wasmBinary = new ArrayBuffer(0);
  const { instantiate } = WebAssembly;
  const answer = async (source: BufferSource | WebAssembly.Module, imports?: WebAssembly.Imports) => {
    // The codecs may be instantiated meanwhile; they pass modules.
    if (source instanceof WebAssembly.Module) return instantiate(source, imports);
    return { module, instance: await instantiate(module, imports) };
  };
  WebAssembly.instantiate = answer as typeof instantiate;
  try {
    return await work();
  } finally {
    WebAssembly.instantiate = instantiate;
  }
}
