/** @module The model in workerd: the client's session, with ONNX Runtime's WebAssembly as a module of the Worker. */

import { openPrecompiled } from '@latent-dogs/client/runtime/precompiled';
import ortModule from 'onnxruntime-web/ort-wasm-simd-threaded.wasm';
import type { Run } from '../generator.ts';

/** @param model the ONNX file */
export async function openOnnxSession(model: ArrayBuffer): Promise<Run> {
  const session = await openPrecompiled(new Uint8Array(model), ortModule);
  return (z) => session.run(z);
}
