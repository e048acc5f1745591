/** @module Writes compressed copies beside the files of the build, for servers that send such files: `node build/compress.ts`. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompressSync, constants, gunzipSync, gzip } from 'node:zlib';

/** Formats that are not compressed themselves. Weights in ONNX files get smaller by a tenth, a second on a slow phone. */
const COMPRESSIBLE = /\.(html|css|m?js|json|svg|wasm|webmanifest|onnx)$/;
/** Bytes below which a copy saves no packet. */
const LEAST = 1024;

/** One step below the best, which takes four times as long for a .wasm of 17 MB and saves a twenty-fifth. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_LGWIN]: 24 } };

/** Bytes from which on the copies of a file are kept for the next build: ONNX Runtime and models seldom change. */
const LARGE = 2 ** 20;

interface Copies {
  br: Buffer;
  gz: Buffer;
}

async function compress(contents: Buffer): Promise<Copies> {
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(contents, BROTLI),
    promisify(gzip)(contents, { level: 9 }),
  ]);
  return { br, gz };
}

/** Compresses, or takes what an earlier build kept in `cache`. */
async function compressOnce(contents: Buffer, cache: string): Promise<Copies> {
  const name = join(cache, createHash('sha256').update(JSON.stringify(BROTLI)).update(contents).digest('hex'));
  try {
    const [br, gz] = await Promise.all([readFile(`${name}.br`), readFile(`${name}.gz`)]);
    // A build may have been stopped while it wrote.
    if (brotliDecompressSync(br).equals(contents) && gunzipSync(gz).equals(contents)) return { br, gz };
  } catch {
    // There are none, or they are damaged.
  }
  const copies = await compress(contents);
  await mkdir(cache, { recursive: true });
  for (const [suffix, copy] of Object.entries(copies)) await writeFile(`${name}.${suffix}`, copy);
  return copies;
}

/** Writes `<file>.br` and `<file>.gz` for all compressible files in `folder`; copies of large ones are kept in `cache`. */
export async function compressFiles(folder: string, cache: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !COMPRESSIBLE.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const contents = await readFile(path);
    if (contents.length < LEAST) continue;
    const copies = await (contents.length < LARGE ? compress(contents) : compressOnce(contents, cache));
    for (const [suffix, copy] of Object.entries(copies)) await writeFile(`${path}.${suffix}`, copy);
  }
}

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

if (import.meta.main) await compressFiles(fromHere('../dist'), fromHere('../.cache/compressed'));
