/** WebAssembly that is compiled before the Worker starts. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

/** The files of the served models and ONNX Runtime; `alias` in cloudflare/wrangler-config.ts sets their location. */
declare module 'served-files' {
  export const onnxRuntime: WebAssembly.Module;
  export const models: readonly {
    /** The contents of model.json. */
    readonly manifest: unknown;
    /** The ONNX file. */
    readonly generator: ArrayBuffer;
  }[];
}

declare module 'cloudflare:workers' {
  import type { RateLimit } from '@cloudflare/workers-types';

  export const env: {
    readonly NEW_PICTURES: RateLimit;
    /** The gallery's files: https://developers.cloudflare.com/workers/static-assets/binding/ */
    readonly ASSETS: { fetch(request: Request): Promise<Response> };
    /** Set by `pnpm serve` only. */
    readonly LOCAL?: string;
  };
  /** Keeps the Worker alive until the promise settles, also after the answer. */
  export function waitUntil(promise: Promise<unknown>): void;
}
