/** @module Decodes an image file, upright and in sRGB. */
import type { Unusable } from './photo.ts';
import { LEAST_SIDE } from './square.ts';

export class UnusableFile extends Error {
  readonly reason: Unusable;

  constructor(reason: Unusable) {
    super(reason);
    this.reason = reason;
  }
}

const isHeic = (file: Blob, name: string) => /\/hei[cf]/.test(file.type) || /\.hei[cf]$/i.test(name);

/** @throws UnusableFile saying why it cannot be used */
export async function decode(file: Blob, name: string): Promise<ImageBitmap> {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new UnusableFile(isHeic(file, name) ? 'heic' : 'not-an-image');
  });
  if (Math.min(bitmap.width, bitmap.height) >= LEAST_SIDE) return bitmap;
  bitmap.close();
  throw new UnusableFile('too-small');
}
