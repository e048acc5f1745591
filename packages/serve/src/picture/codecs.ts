/** @module The WebAssembly codecs: made once per runtime, so that routes call plain functions. */

import { createPngEncoders, type PngEncoders } from './png.ts';
import { createResize, type Resize } from './resize.ts';
import { createWebpEncoder, type EncodeWebp } from './webp.ts';

/** Compiled by the runtime, because workerd compiles WebAssembly only ahead of time. */
interface CodecModules {
  /** @jsquash/png's squoosh_png_bg.wasm */
  readonly png: WebAssembly.Module;
  /** @jsquash/resize's squoosh_resize_bg.wasm */
  readonly resize: WebAssembly.Module;
  /** @jsquash/webp's webp_enc_simd.wasm */
  readonly webp: WebAssembly.Module;
}

export interface Codecs extends PngEncoders {
  readonly webp: EncodeWebp;
  readonly resize: Resize;
}

/** Each module is instantiated on first use. */
export function createCodecs({ png, resize, webp }: CodecModules): Codecs {
  return { ...createPngEncoders(png), webp: createWebpEncoder(webp), resize: createResize(resize) };
}
