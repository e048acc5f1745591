/** @module The package's entry in Node. */
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Engine } from './engine.ts';
import { createGenerator } from './generator.ts';
import { GeneratorError } from './generator-error.ts';
import { openNativeEngine } from './node/native-engine.ts';
import { readModel } from './read-model.ts';
import type { Generator, LoadOptions, ModelFiles } from './types.ts';

export { GeneratorError, type GeneratorErrorCode } from './generator-error.ts';
export type * from './types.ts';

/** See the entry for browsers; `source` may also be a path. */
export async function loadGenerator(source: string | URL | ModelFiles, options: LoadOptions = {}): Promise<Generator> {
  const isPath = typeof source === 'string' && !/^(https?|file|data|blob):/.test(source);
  const model = await readModel(isPath ? pathToFileURL(source) : source, options, undefined, openFile);
  return createGenerator(model.description, await openEngine(model.onnx, options));
}

async function openEngine(onnx: Uint8Array<ArrayBuffer>, options: LoadOptions): Promise<Engine> {
  const { provider } = options;
  if (provider === 'webgpu')
    throw new GeneratorError('unsupported', 'The provider "webgpu" is for browsers: in Node use "native" or "wasm".');
  if (provider !== 'wasm') {
    const native = await openNativeEngine(onnx, options);
    if (native) return native;
  }
  if (provider === 'native')
    throw new GeneratorError(
      'unsupported',
      'The provider "native" needs onnxruntime-node: npm install onnxruntime-node',
    );
  const { openWasmEngine } = await import('./wasm-engine.ts');
  return openWasmEngine(onnx, async (wasm, create) => {
    wasm.wasmBinary = await readFile(new URL('./ort-wasm.wasm', import.meta.url));
    return create();
  });
}

async function openFile(address: URL, signal?: AbortSignal): Promise<Response> {
  if (address.protocol !== 'file:') return fetch(address, { signal: signal ?? null });
  return new Response(await readFile(address, { signal }));
}
