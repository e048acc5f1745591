/** @module The encoders: made once per runtime, so that routes call plain functions. */

import { animateWebp } from './animated-webp.ts';
import { createAvifEncoder, type EncodeAvif } from './avif.ts';
import { createJpegEncoder, type EncodeJpeg } from './jpeg.ts';
import { encodeApng, encodeFrame, encodePng } from './png.ts';
import { createResize, type Resize } from './resize.ts';
import { createWebpEncoder, type EncodeWebp } from './webp.ts';

/** Compiled by the runtime, because workerd compiles WebAssembly only ahead of time. */
interface CodecModules {
  /** @jsquash/resize's squoosh_resize_bg.wasm */
  readonly resize: WebAssembly.Module;
  /** @jsquash/webp's webp_enc_simd.wasm */
  readonly webp: WebAssembly.Module;
  /** @jsquash/jpeg's mozjpeg_enc.wasm */
  readonly jpeg: WebAssembly.Module;
  /** @jsquash/avif's avif_enc.wasm */
  readonly avif: WebAssembly.Module;
}

export interface Codecs {
  readonly png: typeof encodePng;
  readonly apng: typeof encodeApng;
  readonly frame: typeof encodeFrame;
  readonly webp: EncodeWebp;
  readonly animatedWebp: typeof animateWebp;
  readonly jpeg: EncodeJpeg;
  readonly avif: EncodeAvif;
  readonly resize: Resize;
}

/** Each module is instantiated on first use. */
export function createCodecs({ resize, webp, jpeg, avif }: CodecModules): Codecs {
  return {
    png: encodePng,
    apng: encodeApng,
    frame: encodeFrame,
    webp: createWebpEncoder(webp),
    animatedWebp: animateWebp,
    jpeg: createJpegEncoder(jpeg),
    avif: createAvifEncoder(avif),
    resize: createResize(resize),
  };
}
