/** @module The sizes and digests of ONNX Runtime's binaries, which the page checks, and needs to know how far a download is. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

/** A file that the page downloads. */
interface RuntimeFile {
  bytes: number;
  sha256: string;
  /** Bytes that travel if the server compresses, about. */
  compressed: number;
}

const BINARIES = { wasm: 'ort-wasm-simd-threaded.wasm', webgpu: 'ort-wasm-simd-threaded.jspi.wasm' };

/** What most servers compress with on the fly. */
const QUICK = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

function describe(name: string): RuntimeFile {
  const content = readFileSync(fileURLToPath(import.meta.resolve(`onnxruntime-web/${name}`)));
  return {
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    compressed: brotliCompressSync(content, QUICK).length,
  };
}

export const runtimeFiles = (): Record<keyof typeof BINARIES, RuntimeFile> => ({
  wasm: describe(BINARIES.wasm),
  webgpu: describe(BINARIES.webgpu),
});
