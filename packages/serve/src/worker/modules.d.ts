/** WebAssembly, compiled before the Worker starts. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

/** The files of the model that is served; `alias` in wrangler.jsonc says where they are. */
declare module 'served-model' {
  /** The contents of model.json. */
  export const manifest: unknown;
  /** The ONNX file. */
  export const generator: ArrayBuffer;
}

declare module 'cloudflare:workers' {
  import type { RateLimit } from '@cloudflare/workers-types';

  export const env: { readonly NEW_PICTURES: RateLimit };
  /** Lets the promise end after the answer was sent. */
  export function waitUntil(promise: Promise<unknown>): void;
}
