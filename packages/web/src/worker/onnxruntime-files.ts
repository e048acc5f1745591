/** @module ONNX Runtime's builds, which are files of this page. */

import { type OnnxRuntimeWeb, setUp } from '@latent-dogs/client/runtime/onnxruntime-web';
import jspiModule from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import jspiBinary from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import wasmModule from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmBinary from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { ProviderName } from '../engine/protocol.ts';

const absolute = (address: string) => new URL(address, import.meta.url).href;

interface BinaryFile {
  address: string;
  bytes: number;
  sha256: string;
  /** Bytes that travel if the server compresses, about. */
  compressed: number;
}

/** Filled in by the build: build/runtime-files.ts. */
declare const ONNX_RUNTIME_FILES: Record<ProviderName, Omit<BinaryFile, 'address'>>;

/** ONNX Runtime's binary for each provider. */
export const BINARIES: Readonly<Record<ProviderName, BinaryFile>> = {
  wasm: { address: absolute(wasmBinary), ...ONNX_RUNTIME_FILES.wasm },
  webgpu: { address: absolute(jspiBinary), ...ONNX_RUNTIME_FILES.webgpu },
};

/**
 * ONNX Runtime for the CPU. The first session in a worker decides the number of threads.
 *
 * @param binary the content of `BINARIES.wasm`; without it, the first session downloads it
 */
export async function loadWasm(threads: number, binary?: Uint8Array<ArrayBuffer>): Promise<OnnxRuntimeWeb> {
  const ort = await import('onnxruntime-web/wasm');
  setUp(ort, { files: { glue: absolute(wasmModule), wasm: absolute(wasmBinary) }, binary, threads });
  return ort;
}

/** ONNX Runtime for the GPU. @param binary the content of `BINARIES.webgpu`; without it, the first session downloads it */
export async function loadWebgpu(binary?: Uint8Array<ArrayBuffer>): Promise<OnnxRuntimeWeb> {
  const ort = await import('onnxruntime-web/jspi');
  setUp(ort, { files: { glue: absolute(jspiModule), wasm: absolute(jspiBinary) }, binary });
  return ort;
}
