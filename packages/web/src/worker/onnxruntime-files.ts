/** @module ONNX Runtime sessions, on the CPU and on WebGPU. */

import jspiModule from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import jspiBinary from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import wasmModule from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmBinary from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import type { ProviderName } from '../engine/protocol.ts';

/**
 * ONNX Runtime's severity level of errors. Below it, it warns about every node that it leaves to the CPU: by design the cheap
 * ones that compute shapes.
 */
const ERRORS = 3;

export interface Runtime {
  provider: ProviderName;
  threads: number;
  open(model: Uint8Array): Promise<InferenceSession>;
  tensor(data: Float32Array, dims: readonly number[]): Tensor;
  /** Resolves when the graphics device is lost, if ever. Call it after the first session is open. */
  lost(): Promise<string>;
}

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

/** The smallest module with a vector instruction: `i8x16.splat`, then `drop`. */
const SIMD_PROBE = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  4,
  1,
  96,
  0,
  0,
  3,
  2,
  1,
  0,
  10,
  9,
  1,
  7,
  0,
  65,
  0,
  253,
  15,
  26,
  11,
);

export function hasSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(SIMD_PROBE);
}

/** ONNX Runtime's module for the CPU. The first call in a worker decides the number of threads. */
export async function loadWasm(threads: number) {
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.wasmPaths = { mjs: absolute(wasmModule), wasm: absolute(wasmBinary) };
  ort.env.wasm.numThreads = threads;
  return ort;
}

type Environment = { wasm: { wasmBinary?: ArrayBufferLike | Uint8Array } };

/** Opens a session, and frees ONNX Runtime's binary, which only the first one needs. */
async function opened<Session>({ wasm }: Environment, session: Promise<Session>): Promise<Session> {
  try {
    return await session;
  } finally {
    delete wasm.wasmBinary;
  }
}

/**
 * ONNX Runtime on the CPU.
 *
 * @param binary the content of `BINARIES.wasm`
 * @param wanted number of threads, if the page may use them
 */
export async function wasmRuntime(binary: Uint8Array<ArrayBuffer>, wanted: number): Promise<Runtime> {
  const threads = crossOriginIsolated ? wanted : 1;
  const ort = await loadWasm(threads);
  ort.env.wasm.wasmBinary = binary;
  return {
    provider: 'wasm',
    threads,
    open: (model) => opened(ort.env, ort.InferenceSession.create(model, { executionProviders: ['wasm'] })),
    tensor: (data, dims) => new ort.Tensor('float32', data, dims),
    lost: () => new Promise(() => {}),
  };
}

/**
 * Whether WebGPU is worth a try. Of ONNX Runtime's builds with WebGPU only the one that needs JSPI
 * (WebAssembly.Suspending) is small enough for static hosts. A fallback adapter computes on the CPU, slower than
 * WebAssembly does.
 */
export async function hasWebgpu({ fallbackToo }: { fallbackToo: boolean }): Promise<boolean> {
  const { gpu } = navigator as unknown as { gpu?: Gpu };
  if (!gpu || !('Suspending' in WebAssembly)) return false;
  const adapter = await gpu.requestAdapter().catch(() => null);
  return adapter !== null && (fallbackToo || adapter.info?.isFallbackAdapter !== true);
}

/** The graphics card as the browser names it, such as `nvidia ampere`; empty without WebGPU. */
export async function adapterName(): Promise<string> {
  const { gpu } = navigator as unknown as { gpu?: Gpu };
  const adapter = await gpu?.requestAdapter().catch(() => null);
  const { vendor = '', architecture = '', description = '' } = adapter?.info ?? {};
  return description || [vendor, architecture].filter(Boolean).join(' ');
}

/** The parts of WebGPU used here, which TypeScript's own library does not describe. */
interface Gpu {
  requestAdapter(): Promise<{ info?: AdapterInfo } | null>;
}
interface AdapterInfo {
  isFallbackAdapter?: boolean;
  vendor?: string;
  architecture?: string;
  description?: string;
}
interface GpuDevice {
  lost: Promise<{ message: string }>;
}

/** ONNX Runtime's module for the GPU. */
export async function loadWebgpu() {
  const ort = await import('onnxruntime-web/jspi');
  ort.env.wasm.wasmPaths = { mjs: absolute(jspiModule), wasm: absolute(jspiBinary) };
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = 1;
  return ort;
}

/** Resolves with the reason when the device of `loadWebgpu`'s module is lost. Call it after the first session is open. */
export async function deviceLost(ort: Awaited<ReturnType<typeof loadWebgpu>>): Promise<string> {
  const device = (await ort.env.webgpu.device) as unknown as GpuDevice;
  return (await device.lost).message;
}

/** ONNX Runtime on the GPU. @param binary the content of `BINARIES.webgpu` */
export async function webgpuRuntime(binary: Uint8Array<ArrayBuffer>): Promise<Runtime> {
  const ort = await loadWebgpu();
  ort.env.wasm.wasmBinary = binary;
  return {
    provider: 'webgpu',
    threads: 1,
    open: (model) =>
      opened(ort.env, ort.InferenceSession.create(model, { executionProviders: ['webgpu'], logSeverityLevel: ERRORS })),
    tensor: (data, dims) => new ort.Tensor('float32', data, dims) as unknown as Tensor,
    lost: () => deviceLost(ort),
  };
}
