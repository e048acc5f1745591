/** @module The encoders: made once per runtime, so that routes call plain functions. */

import { encodeApng, encodeFrame, encodePng } from './png.ts';
import { createResize, type Resize } from './resize.ts';
import { createWebpEncoder, type EncodeWebp } from './webp.ts';

/** Compiled by the runtime, because workerd compiles WebAssembly only ahead of time. */
interface CodecModules {
  /** @jsquash/resize's squoosh_resize_bg.wasm */
  readonly resize: WebAssembly.Module;
  /** @jsquash/webp's webp_enc_simd.wasm */
  readonly webp: WebAssembly.Module;
}

export interface Codecs {
  readonly png: typeof encodePng;
  readonly apng: typeof encodeApng;
  readonly frame: typeof encodeFrame;
  readonly webp: EncodeWebp;
  readonly resize: Resize;
}

/** Each module is instantiated on first use. */
export function createCodecs({ resize, webp }: CodecModules): Codecs {
  return {
    png: encodePng,
    apng: encodeApng,
    frame: encodeFrame,
    webp: createWebpEncoder(webp),
    resize: createResize(resize),
  };
}
