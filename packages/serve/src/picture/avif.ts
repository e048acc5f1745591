/** @module AVIF files. */

// The package's own entry would also put its encoder with threads into the bundle.
import createModule from '@jsquash/avif/codec/enc/avif_enc.js';
import { defaultOptions } from '@jsquash/avif/meta.js';
import { initEmscriptenModule } from '@jsquash/avif/utils.js';
import { sharedInitialisation } from '../shared-initialisation.ts';
import type { Picture } from './picture.ts';

/**
 * The fastest of its speeds takes as long as WebP, slower ones three times as long for 1 to 5 % fewer bytes. At quality 80 an
 * AVIF has a PSNR of 37 to 43 dB and 75 to 90 % of the bytes of our WebP.
 */
const OPTIONS = { ...defaultOptions, quality: 80, speed: 10 };

/** Encodes a lossy AVIF file. */
export type EncodeAvif = (picture: Picture) => Promise<Uint8Array<ArrayBuffer>>;

export function createAvifEncoder(module: WebAssembly.Module): EncodeAvif {
  const ready = sharedInitialisation(async () => initEmscriptenModule(createModule, module));
  return async ({ data, width, height }) => {
    const encoder = await ready();
    const file = encoder.encode(data, width, height, OPTIONS);
    if (!file) throw new Error('The AVIF encoder failed.');
    return new Uint8Array(file);
  };
}
