/** @module JPEG files. */

import encode, { init } from '@jsquash/jpeg/encode.js';
import { sharedInitialisation } from '../shared-initialisation.ts';
import type { Picture } from './picture.ts';

/** Progressive files are 1 % smaller and take twice as long. At 90 a JPEG has a PSNR of 37 to 47 dB. */
const OPTIONS = { quality: 90, progressive: false };

/** The library's types omit the module parameter. */
const instantiate = init as (module: WebAssembly.Module) => Promise<unknown>;

/** Encodes a JPEG file; what is transparent becomes white. */
export type EncodeJpeg = (picture: Picture) => Promise<Uint8Array<ArrayBuffer>>;

export function createJpegEncoder(module: WebAssembly.Module): EncodeJpeg {
  const ready = sharedInitialisation(() => instantiate(module));
  return async ({ data, width, height }) => {
    await ready();
    return new Uint8Array(await encode({ data: onWhite(data), width, height, colorSpace: 'srgb' }, OPTIONS));
  };
}

/** Pictures have no pixels that are half transparent, only cells of a grid without a dog. */
function onWhite(data: Picture['data']): Picture['data'] {
  const opaque = data.slice();
  for (let at = 0; at < opaque.length; at += 4) if (opaque[at + 3] === 0) opaque.fill(255, at, at + 4);
  return opaque;
}
