/** @module Writes compressed copies beside the files of the build, for servers that send such files: `node build/compress.ts`. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Formats that are not compressed themselves. Weights in ONNX files get smaller by a tenth, a second on a slow phone. */
const COMPRESSIBLE = /\.(html|css|m?js|json|svg|wasm|webmanifest|onnx)$/;
/** Bytes below which a copy saves no packet. */
const LEAST = 1024;

/** One step below the best, which takes four times as long for a .wasm of 17 MB and saves a twenty-fifth. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_LGWIN]: 24 } };

/** Writes `<file>.br` and `<file>.gz` for all compressible files in `folder`. */
export async function compressFiles(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !COMPRESSIBLE.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const contents = await readFile(path);
    if (contents.length < LEAST) continue;
    const [brotli, gzipped] = await Promise.all([
      promisify(brotliCompress)(contents, BROTLI),
      promisify(gzip)(contents, { level: 9 }),
    ]);
    await writeFile(`${path}.br`, brotli);
    await writeFile(`${path}.gz`, gzipped);
  }
}

if (import.meta.main) await compressFiles(fileURLToPath(new URL('../dist', import.meta.url)));
