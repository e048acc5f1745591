/**
 * @module ONNX Runtime's binaries: the file for the CPU, which is ours, and sizes and digests of both, by which the page
 * checks a download and knows how far it is.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { writeFileAtomically } from '@latent-dogs/files';
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
export async function runtimeFiles(folder: string): Promise<{
  alias: { find: RegExp; replacement: string }[];
  files: Record<'wasm' | 'webgpu', RuntimeFile>;
}> {
  const wasm = onnxRuntimeWasm();
  const webgpu = await readFile(fileURLToPath(import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm')));
  const file = join(folder, NAME);
  await mkdir(folder, { recursive: true });
  // Written only if it changes: the development server of another terminal may be watching it.
  const before = await readFile(file).catch(() => null);
  if (!before?.equals(wasm)) await writeFileAtomically(file, wasm);
  return {
    alias: [{ find: /^onnxruntime-web\/ort-wasm-simd-threaded\.wasm(?=\?|$)/, replacement: file }],
    files: { wasm: describe(wasm), webgpu: describe(webgpu) },
  };
}
