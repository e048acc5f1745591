/** @module The messages between the page and its generator worker. */

/** ONNX Runtime's execution providers that this page uses. */
export type ProviderName = 'webgpu' | 'wasm';

/** `script`: a part of the page itself is missing, as after an update of the site. */
export type FailureReason = 'no-simd' | 'download' | 'damaged' | 'script' | 'session';

/** One hidden layer's activations: float32 [channels, height, width]. */
export interface Activation {
  channels: number;
  height: number;
  width: number;
  data: Float32Array<ArrayBuffer>;
}

export type Request =
  /** `content`: the model itself, if it is on this device; else it is downloaded from `address`. */
  | {
      kind: 'start';
      address: string;
      content: Blob | null;
      bytes: number;
      sha256: string;
      provider: ProviderName | 'best';
      /** Of WebAssembly. A worker keeps the number that it started with. */
      threads: number;
    }
  /** z is float32 [N, latentSize]. The worker answers one request after another, in order. */
  | { kind: 'generate'; z: Float32Array<ArrayBuffer> }
  | { kind: 'explain'; id: number; z: Float32Array<ArrayBuffer> };

export type Reply =
  /** Bytes of all that the worker needs, the model and ONNX Runtime's binary, as they travel. */
  | { kind: 'progress'; received: number; bytes: number }
  /** Everything has arrived; now the generator starts. */
  | { kind: 'arrived' }
  /** files: the addresses that the worker loaded. */
  | { kind: 'ready'; provider: ProviderName; threads: number; files: readonly string[] }
  /** pixels is uint8 [N, size, size, 4]; milliseconds is the time of the inference alone. */
  | { kind: 'generated'; pixels: Uint8Array<ArrayBuffer>; milliseconds: number }
  | { kind: 'explained'; id: number; layers: Activation[] }
  | { kind: 'not-explained'; id: number; detail: string }
  /** Nothing can be generated, now or later. */
  | { kind: 'failed'; reason: FailureReason; detail: string }
  /** The graphics device is lost: this worker can make no more dogs. */
  | { kind: 'lost'; detail: string };
