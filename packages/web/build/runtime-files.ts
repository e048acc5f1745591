/** @module ONNX Runtime's binaries: the one for the CPU is a file of ours; sizes and digests, by which the page checks a download, and knows how far it is. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { onnxRuntimeWasm } from '@latent-dogs/onnxruntime-wasm';

/** A file that the page downloads. */
interface RuntimeFile {
  bytes: number;
  sha256: string;
  /** Bytes that travel if the server compresses, about. */
  compressed: number;
}

/** What most servers compress with on the fly. */
const QUICK = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

function describe(content: Uint8Array): RuntimeFile {
  return {
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    compressed: brotliCompressSync(content, QUICK).length,
  };
}

const NAME = 'ort-wasm-simd-threaded.wasm';

/** Writes the file for the CPU to `folder`, so that an import of `onnxruntime-web`'s own can mean it (`alias`, an option of Vite). */
export function runtimeFiles(folder: string): {
  alias: { find: RegExp; replacement: string }[];
  files: Record<'wasm' | 'webgpu', RuntimeFile>;
} {
  const wasm = onnxRuntimeWasm();
  const webgpu = readFileSync(fileURLToPath(import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm')));
  const file = join(folder, NAME);
  mkdirSync(folder, { recursive: true });
  // Another build may be reading it.
  if (!existsSync(file) || !readFileSync(file).equals(wasm)) {
    const partial = `${file}.${process.pid}`;
    writeFileSync(partial, wasm);
    renameSync(partial, file);
  }
  return {
    alias: [{ find: /^onnxruntime-web\/ort-wasm-simd-threaded\.wasm(?=\?|$)/, replacement: file }],
    files: { wasm: describe(wasm), webgpu: describe(webgpu) },
  };
}
