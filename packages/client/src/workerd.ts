/** @module The package's entry in Cloudflare Workers, which do not allow compiling WebAssembly. */

import { createGenerator } from './generator.ts';
import { GeneratorError } from './generator-error.ts';
// Compiled by the runtime ahead of time.
import ortModule from './ort-wasm.wasm';
import { readModel } from './read-model.ts';
import { openPrecompiled } from './runtime/precompiled.ts';
import { createSessionEngine } from './session-engine.ts';
import type { Generator, LoadOptions, ModelFiles } from './types.ts';

export { GeneratorError, type GeneratorErrorCode } from './generator-error.ts';
export type * from './types.ts';

/** See the entry for browsers; `source` is an absolute address, or the files themselves. */
export async function loadGenerator(source: string | URL | ModelFiles, options: LoadOptions = {}): Promise<Generator> {
  if (options.provider && options.provider !== 'wasm')
    throw new GeneratorError('unsupported', `The provider "${options.provider}" is not for Workers: use "wasm".`);
  const { description, onnx } = await readModel(source, options, undefined);
  return createGenerator(description, await createSessionEngine('wasm', openPrecompiled(onnx, ortModule)));
}
