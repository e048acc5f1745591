/** @module The photos of a run: their squares, copied when the run begins, so that later changes of the library do not reach it. */
import type { DatasetRecord } from '@latent-dogs/dcgan';
import type { PictureSource } from '@latent-dogs/latent';
import { hexDigest, sha256 } from '../storage/digest.ts';
import { storedPng } from './stored-png.ts';

/** The folder of photos in a run that is downloaded, and the name of the dataset. */
export const PHOTOS = 'photos';

/** How `pnpm train` decodes photos; part of the fingerprint. */
const DECODING_VERSION = 'photos-1';

export class RunPhotos implements PictureSource {
  readonly count: number;
  readonly size: number;
  readonly pixels: Uint8Array;

  /** @param pixels RGB bytes [count, size, size, 3] */
  constructor(pixels: Uint8Array, size: number) {
    this.pixels = pixels;
    this.size = size;
    this.count = pixels.length / (3 * size * size);
  }

  async read(indices: ArrayLike<number>, out: Uint8Array): Promise<void> {
    for (let i = 0; i < indices.length; i++) {
      const photo = this.#photo(indices[i]!);
      out.set(photo, i * photo.length);
    }
  }

  /** The photos as files that `pnpm train` reads in this order. */
  *files(): Generator<{ name: string; bytes: Uint8Array<ArrayBuffer> }> {
    for (let i = 0; i < this.count; i++)
      yield { name: `${String(i + 1).padStart(6, '0')}.png`, bytes: storedPng(this.#photo(i), this.size) };
  }

  /** As `pnpm train` describes a folder with these files, so that it can resume the run. */
  async record(): Promise<DatasetRecord> {
    const options = new TextEncoder().encode(JSON.stringify([DECODING_VERSION, this.size, null, 'center']));
    const hashed = new Uint8Array(options.length + 32 * this.count);
    hashed.set(options);
    let at = options.length;
    for (const { bytes } of this.files()) {
      hashed.set(await sha256(bytes), at);
      at += 32;
    }
    return { name: PHOTOS, count: this.count, fingerprint: await hexDigest(hashed) };
  }

  #photo(index: number): Uint8Array {
    const bytes = 3 * this.size * this.size;
    return this.pixels.subarray(index * bytes, (index + 1) * bytes);
  }
}
