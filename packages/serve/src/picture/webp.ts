/** @module WebP files. */

import encode, { init } from '@jsquash/webp/encode.js';
import { sharedInitialisation } from '../shared-initialisation.ts';
import type { Picture } from './picture.ts';

/** Out of 100. At 90 a WebP has a PSNR of 38 to 42 dB against its PNG and at most a sixth of its bytes. */
const QUALITY = 90;

/** The library's types omit the module parameter. */
const instantiate = init as (module: WebAssembly.Module) => Promise<unknown>;

/** Encodes a lossy WebP file. */
export type EncodeWebp = (picture: Picture) => Promise<Uint8Array<ArrayBuffer>>;

export function createWebpEncoder(module: WebAssembly.Module): EncodeWebp {
  const ready = sharedInitialisation(() => instantiate(module));
  return async ({ data, width, height }) => {
    await ready();
    return new Uint8Array(await encode({ data, width, height, colorSpace: 'srgb' }, { quality: QUALITY }));
  };
}
