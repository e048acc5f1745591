/** @module WebP files. */

import encode, { init } from '@jsquash/webp/encode.js';
import type { Picture } from './picture.ts';

/** Of 100; at 90 a dog is 38 to 42 dB from its PNG and a sixth of its bytes or less. */
const QUALITY = 90;

/** The library's types leave the module out, which it takes where it cannot fetch one. */
const instantiate = init as (module: WebAssembly.Module) => Promise<unknown>;
let instance: Promise<unknown> | undefined;

/** A lossy WebP file. @param module @jsquash/webp's webp_enc_simd.wasm */
export async function encodeWebp(
  { data, width, height }: Picture,
  module: WebAssembly.Module,
): Promise<Uint8Array<ArrayBuffer>> {
  instance ??= instantiate(module);
  await instance;
  return new Uint8Array(await encode({ data, width, height, colorSpace: 'srgb' }, { quality: QUALITY }));
}
