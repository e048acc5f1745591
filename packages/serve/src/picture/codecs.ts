/** @module The WebAssembly that resizes and encodes, as each runtime hands it in. */

/** Compiled by the runtime: workerd compiles WebAssembly ahead of time only. Instances are made when first needed. */
export interface CodecModules {
  /** @jsquash/png's squoosh_png_bg.wasm */
  readonly png: WebAssembly.Module;
  /** @jsquash/resize's squoosh_resize_bg.wasm */
  readonly resize: WebAssembly.Module;
  /** @jsquash/webp's webp_enc_simd.wasm */
  readonly webp: WebAssembly.Module;
}
