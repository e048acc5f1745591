/** @module The codecs on Node: WebAssembly compiled from the packages' files. */

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Codecs, createCodecs } from '../picture/codecs.ts';

const compile = async (specifier: string) =>
  WebAssembly.compile(await readFile(fileURLToPath(import.meta.resolve(specifier))));

export async function compileCodecs(): Promise<Codecs> {
  const [resize, webp, jpeg, avif] = await Promise.all([
    compile('@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm'),
    compile('@jsquash/webp/codec/enc/webp_enc_simd.wasm'),
    compile('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'),
    compile('@jsquash/avif/codec/enc/avif_enc.wasm'),
  ]);
  return createCodecs({ resize, webp, jpeg, avif });
}
