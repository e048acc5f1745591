/** @module A gallery for tests with the layout of Vite's build. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

export const TINY_PAGE =
  '<!doctype html><title>Tiny gallery</title><script type="module" src="./assets/page-a1b2.js"></script>';

/** An empty WebAssembly module. */
const WASM = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

export const WEIGHTS = 'weights '.repeat(1000);

export function writeTinyGallery(folder: string): void {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), TINY_PAGE);
  writeFileSync(join(folder, 'sw.js'), 'self.skipWaiting();');
  writeFileSync(join(folder, 'assets/page-a1b2.js'), 'document.title += crossOriginIsolated;');
  writeFileSync(join(folder, 'assets/page-a1b2.wasm'), WASM);
  mkdirSync(join(folder, 'models/tiny'), { recursive: true });
  writeFileSync(join(folder, 'models/index.json'), '{"models":[]}');
  writeFileSync(join(folder, 'models/tiny/generator.onnx'), WEIGHTS);
  writeFileSync(join(folder, 'models/tiny/generator.onnx.br'), brotliCompressSync(WEIGHTS));
}
