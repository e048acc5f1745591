/** @module The model in workerd: the client's session, with ONNX Runtime's WebAssembly as a module of the Worker. */

import { openPrecompiled } from '@latent-dogs/client/runtime/precompiled';
import { onnxRuntime } from 'served-files';
import type { Run } from '../generator.ts';

/** @param model the ONNX file */
export async function openOnnxSession(model: ArrayBuffer): Promise<Run> {
  const session = await openPrecompiled(new Uint8Array(model), onnxRuntime);
  return (z) => session.run(z);
}
