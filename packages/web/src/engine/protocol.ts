/** @module What the page and its generator worker say to each other. */

/** ONNX Runtime's execution providers that this page uses. */
export type ProviderName = 'webgpu' | 'wasm';

export type FailureReason = 'no-simd' | 'download' | 'damaged' | 'session';

/** One hidden layer's activations: float32 [channels, height, width]. */
export interface Activation {
  channels: number;
  height: number;
  width: number;
  data: Float32Array<ArrayBuffer>;
}

export type Request =
  | { kind: 'start'; address: string; bytes: number; sha256: string; provider: ProviderName | 'best' }
  /** z is float32 [count, latentSize]. */
  | { kind: 'generate'; id: number; count: number; z: Float32Array<ArrayBuffer> }
  | { kind: 'explain'; id: number; z: Float32Array<ArrayBuffer> };

export type Reply =
  | { kind: 'progress'; received: number }
  /** files are the addresses of what the worker loaded. */
  | { kind: 'ready'; provider: ProviderName; threads: number; files: readonly string[] }
  /** pixels is uint8 [count, size, size, 4]; milliseconds is the time of the run alone. */
  | { kind: 'generated'; id: number; pixels: Uint8Array<ArrayBuffer>; milliseconds: number }
  | { kind: 'explained'; id: number; layers: Activation[] }
  | { kind: 'not-explained'; id: number; detail: string }
  /** Nothing can be generated, now or later. */
  | { kind: 'failed'; reason: FailureReason; detail: string }
  /** The graphics device is gone: this worker is of no more use. */
  | { kind: 'lost'; detail: string };
