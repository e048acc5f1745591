/** @module The messages between the page and the worker that runs ONNX Runtime. */

export type Request =
  /** The first message. `glue` and `wasm` are the addresses of ONNX Runtime's two files. */
  | { kind: 'open'; onnx: Uint8Array<ArrayBuffer>; glue: string; wasm: string; threads: number }
  /** z is float32 [latentSize]. The page waits for the answer before it sends the next one. */
  | { kind: 'run'; z: Float32Array<ArrayBuffer> };

export type Reply =
  | { kind: 'opened' }
  /** uint8 [size, size, 4] */
  | { kind: 'pixels'; pixels: Uint8Array<ArrayBuffer> }
  /** Opening or running failed, or the graphics device is lost: this worker computes nothing more. */
  | { kind: 'failed'; detail: string };
