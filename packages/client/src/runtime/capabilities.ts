/** @module What this browser can compute with. */

/** More threads do not make a picture of 64 pixels faster, and phones have slow cores beside the fast ones. */
const MOST_THREADS = 4;

/** The bytes of the smallest module with a vector instruction: `i8x16.splat`, then `drop`. */
const SIMD_PROBE = '0 97 115 109 1 0 0 0 1 4 1 96 0 0 3 2 1 0 10 9 1 7 0 65 0 253 15 26 11';

export function hasSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(Uint8Array.from(SIMD_PROBE.split(' '), Number));
}

/** The parts of WebGPU used here, which TypeScript's own library does not describe. */
interface Gpu {
  requestAdapter(): Promise<{ info?: { isFallbackAdapter?: boolean } } | null>;
}

/**
 * Whether WebGPU is worth a try. ONNX Runtime's build for it needs JSPI (WebAssembly.Suspending).
 *
 * @param fallbackToo whether an adapter that computes on the CPU, slower than WebAssembly does, is welcome
 */
export async function hasWebgpu({ fallbackToo }: { fallbackToo: boolean }): Promise<boolean> {
  const { gpu } = navigator as unknown as { gpu?: Gpu };
  if (!gpu || !('Suspending' in WebAssembly)) return false;
  const adapter = await gpu.requestAdapter().catch(() => null);
  return adapter !== null && (fallbackToo || adapter.info?.isFallbackAdapter !== true);
}

/** Threads need shared memory, which browsers give to isolated pages only (COOP and COEP). */
export function usableThreads(): number {
  return globalThis.crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;
}
