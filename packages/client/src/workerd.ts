/** @module The package's entry in Cloudflare Workers, which do not allow compiling WebAssembly. */

import { createGenerator } from './generator.ts';
import { GeneratorError } from './generator-error.ts';
// Compiled by the runtime ahead of time.
import ortModule from './ort-wasm.wasm';
import { readModel } from './read-model.ts';
import type { Generator, LoadOptions, ModelFiles } from './types.ts';
import { openWasmEngine } from './wasm-engine.ts';

export { GeneratorError, type GeneratorErrorCode } from './generator-error.ts';
export type * from './types.ts';

/** See the entry for browsers; `source` is an absolute address, or the files themselves. */
export async function loadGenerator(source: string | URL | ModelFiles, options: LoadOptions = {}): Promise<Generator> {
  if (options.provider && options.provider !== 'wasm')
    throw new GeneratorError('unsupported', `The provider "${options.provider}" is not for Workers: use "wasm".`);
  const { description, onnx } = await readModel(source, options, undefined);
  const engine = await openWasmEngine(onnx, (wasm, create) => withPrecompiled(wasm, ortModule, create));
  return createGenerator(description, engine);
}

/** ONNX Runtime compiles WebAssembly from bytes, which workerd forbids. During `work` it gets `module` instead. */
async function withPrecompiled<Value>(
  wasm: { wasmBinary?: ArrayBufferLike | Uint8Array },
  module: WebAssembly.Module,
  work: () => Promise<Value>,
): Promise<Value> {
  wasm.wasmBinary = new ArrayBuffer(0);
  const { instantiate } = WebAssembly;
  const answer = async (source: BufferSource | WebAssembly.Module, imports?: WebAssembly.Imports) => {
    // Other code may instantiate modules meanwhile.
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
