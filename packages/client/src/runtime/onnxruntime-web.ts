/** @module The set-up of onnxruntime-web, and sessions on it. The caller passes one of its builds in. */
import type * as Ort from 'onnxruntime-web/wasm';
import { GeneratorSession } from './generator-session.ts';

/** `onnxruntime-web/wasm` for the processor, `onnxruntime-web/jspi` for the graphics card. */
export type OnnxRuntimeWeb = Pick<typeof Ort, 'env' | 'InferenceSession' | 'Tensor'>;

interface Setup {
  /** Addresses of ONNX Runtime's script (`glue`) and of its WebAssembly, unless a bundler put them into the program. */
  readonly files?: { readonly glue: string; readonly wasm: string };
  /** The WebAssembly, if it is already there. It is let go of with the first session. */
  readonly binary?: Uint8Array<ArrayBuffer> | ArrayBuffer;
  /** Of WebAssembly; the first session decides for all later ones. */
  readonly threads?: number;
}

/** Call it before the first session. */
export function setUp({ env }: OnnxRuntimeWeb, { files, binary, threads = 1 }: Setup): void {
  if (files) env.wasm.wasmPaths = { mjs: files.glue, wasm: files.wasm };
  if (binary) env.wasm.wasmBinary = binary;
  env.wasm.numThreads = threads;
  env.logLevel = 'error';
}

/** @param onnx the ONNX file. @throws Error of ONNX Runtime */
export async function openWebSession(
  ort: OnnxRuntimeWeb,
  provider: 'wasm' | 'webgpu',
  onnx: Uint8Array,
): Promise<GeneratorSession> {
  try {
    return await GeneratorSession.open(ort, onnx, { provider });
  } finally {
    // Only the first session needs it.
    delete ort.env.wasm.wasmBinary;
  }
}

/** The part of WebGPU used here, which TypeScript's own library does not describe. */
interface GpuDevice {
  lost: Promise<{ message: string }>;
}

/** Resolves with the reason when the graphics device is lost. Call it after the first session is open. */
export async function deviceLost({ env }: OnnxRuntimeWeb): Promise<string> {
  const device = (await env.webgpu.device) as unknown as GpuDevice;
  return (await device.lost).message;
}
