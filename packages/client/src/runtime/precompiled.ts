/** @module ONNX Runtime in workerd, which does not allow compiling WebAssembly. */
import * as ort from 'onnxruntime-web/wasm';
import type { GeneratorSession } from './generator-session.ts';
import { openWebSession, setUp } from './onnxruntime-web.ts';

/**
 * @param onnx the ONNX file
 * @param module ONNX Runtime's WebAssembly (`ort-wasm-simd-threaded.wasm`), compiled by the runtime ahead of time
 * @throws Error of ONNX Runtime
 */
export async function openPrecompiled(onnx: Uint8Array, module: WebAssembly.Module): Promise<GeneratorSession> {
  // With any binary ONNX Runtime downloads none.
  setUp(ort, { binary: new ArrayBuffer(0) });
  const { instantiate } = WebAssembly;
  // ONNX Runtime compiles WebAssembly from bytes. Meanwhile it gets `module` instead.
  const answer = async (source: BufferSource | WebAssembly.Module, imports?: WebAssembly.Imports) => {
    // Other code may instantiate modules meanwhile.
    if (source instanceof WebAssembly.Module) return instantiate(source, imports);
    return { module, instance: await instantiate(module, imports) };
  };
  WebAssembly.instantiate = answer as typeof instantiate;
  try {
    return await openWebSession(ort, 'wasm', onnx);
  } finally {
    WebAssembly.instantiate = instantiate;
  }
}
