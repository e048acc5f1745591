/** @module The package's entry in Node. */
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Engine } from './engine.ts';
import { createGenerator } from './generator.ts';
import { GeneratorError } from './generator-error.ts';
import { readModel } from './read-model.ts';
import { GeneratorSession } from './runtime/generator-session.ts';
import { openWebSession, setUp } from './runtime/onnxruntime-web.ts';
import { createSessionEngine } from './session-engine.ts';
import { sessionError } from './session-error.ts';
import type { Generator, LoadOptions, ModelFiles } from './types.ts';

export { GeneratorError, type GeneratorErrorCode } from './generator-error.ts';
export type * from './types.ts';

/** See the entry for browsers; `source` may also be a path. */
export async function loadGenerator(source: string | URL | ModelFiles, options: LoadOptions = {}): Promise<Generator> {
  const isPath = typeof source === 'string' && !/^(https?|file|data|blob):/.test(source);
  const model = await readModel(isPath ? pathToFileURL(source) : source, options, undefined, openFile);
  return createGenerator(model.description, await openEngine(model.onnx, options));
}

async function openEngine(onnx: Uint8Array<ArrayBuffer>, { provider, threads = 1 }: LoadOptions): Promise<Engine> {
  if (provider === 'webgpu')
    throw new GeneratorError('unsupported', 'The provider "webgpu" is for browsers: in Node use "native" or "wasm".');
  const native = provider === 'wasm' ? null : await loadNative();
  if (native) return createSessionEngine('native', GeneratorSession.open(native, onnx, { provider: 'cpu', threads }));
  if (provider === 'native')
    throw new GeneratorError(
      'unsupported',
      'The provider "native" needs onnxruntime-node: npm install onnxruntime-node',
    );
  return createSessionEngine('wasm', openWasm(onnx));
}

async function openWasm(onnx: Uint8Array): Promise<GeneratorSession> {
  const ort = await import('onnxruntime-web/wasm');
  setUp(ort, { binary: await readFile(new URL('./ort-wasm.wasm', import.meta.url)) });
  return openWebSession(ort, 'wasm', onnx);
}

/** The module onnxruntime-node, or null if the user has not installed it. */
async function loadNative() {
  // Otherwise it leaves an identifier in the user's cache folder and reports to Microsoft.
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  return import('onnxruntime-node').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw sessionError(cause);
  });
}

async function openFile(address: URL, signal?: AbortSignal): Promise<Response> {
  if (address.protocol !== 'file:') return fetch(address, { signal: signal ?? null });
  return new Response(await readFile(address, { signal }));
}
