/**
 * @module Writes compressed copies beside the files of the build, for servers that send such files.
 *
 * `node build/compress.ts` is part of the build; `node build/compress.ts --best` is for a site that others visit.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Formats that are not compressed themselves. Weights in ONNX files get smaller by a tenth, a second on a slow phone. */
const COMPRESSIBLE = /\.(html|css|m?js|json|svg|wasm|webmanifest|onnx)$/;
/** Bytes below which a copy saves no packet. */
const LEAST = 1024;

/** The best takes ten times as long, minutes for both binaries of ONNX Runtime, and makes them a seventh smaller. */
const QUALITY = { usual: 9, best: 11 };

/** Writes `<file>.br` and `<file>.gz` for all compressible files in `folder`. */
export async function compressFiles(folder: string, effort: keyof typeof QUALITY = 'usual'): Promise<void> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY[effort], [constants.BROTLI_PARAM_LGWIN]: 24 };
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !COMPRESSIBLE.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const contents = await readFile(path);
    if (contents.length < LEAST) continue;
    const [brotli, gzipped] = await Promise.all([
      promisify(brotliCompress)(contents, { params }),
      promisify(gzip)(contents, { level: 9 }),
    ]);
    await writeFile(`${path}.br`, brotli);
    await writeFile(`${path}.gz`, gzipped);
  }
}

if (import.meta.main) {
  const effort = process.argv.includes('--best') ? 'best' : 'usual';
  await compressFiles(fileURLToPath(new URL('../dist', import.meta.url)), effort);
}
