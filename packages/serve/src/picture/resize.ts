/** @module Resizing pictures. */

import resizeImage, { initResize } from '@jsquash/resize';
import type { Picture } from './picture.ts';

/** `lanczos` is smooth; `nearest` repeats pixels exactly. */
export type Filter = 'lanczos' | 'nearest';

/** Resizes a square picture to `size` pixels wide and high. */
export type Resize = (picture: Picture, size: number, filter: Filter) => Promise<Picture>;

export function createResize(module: WebAssembly.Module): Resize {
  return async (picture, size, filter) => {
    if (picture.width === size && picture.height === size) return picture;
    if (filter === 'nearest') return repeatPixels(picture, size);
    await initResize(module);
    // On gamma-encoded values, as most image software does: linear light takes four times as long and rings at dark edges.
    const { data } = await resizeImage(picture as ImageData, {
      width: size,
      height: size,
      method: 'lanczos3',
      premultiply: false,
      linearRGB: false,
    });
    return { data: data as Picture['data'], width: size, height: size };
  };
}

function repeatPixels({ data, width, height }: Picture, size: number): Picture {
  const source = new Uint32Array(data.buffer);
  const target = new Uint32Array(size * size);
  for (let y = 0; y < size; y++) {
    const row = Math.floor((y * height) / size) * width;
    for (let x = 0; x < size; x++) target[y * size + x] = source[row + Math.floor((x * width) / size)]!;
  }
  return { data: new Uint8ClampedArray(target.buffer), width: size, height: size };
}
