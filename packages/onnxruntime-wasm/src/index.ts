/** @module ONNX Runtime's WebAssembly for the CPU, with faster matrix products: product-kernel.ts. For builds, on Node. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { withFasterProducts } from './product-kernel.ts';

const PUBLISHED = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');

/** To use in place of `onnxruntime-web/ort-wasm-simd-threaded.wasm`. @throws Error as `withFasterProducts` */
export const onnxRuntimeWasm = (): Uint8Array => withFasterProducts(readFileSync(PUBLISHED));
