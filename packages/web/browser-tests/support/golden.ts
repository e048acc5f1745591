/** @module The expected pictures: the same model and z on onnxruntime-node. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { latentFromSeed, parseSeed } from '@latent-dogs/latent';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Locator } from 'playwright-core';

/** RGBA pixels that the model `name` in the folder `models` makes of z. */
export async function goldenPixels(models: string, name: string, z: Float32Array): Promise<Uint8Array> {
  const session = await InferenceSession.create(await readFile(join(models, name, 'generator.onnx')));
  const { pixels } = await session.run({ z: new Tensor('float32', z, [1, z.length]) }, ['pixels']);
  await session.release();
  return pixels!.data as Uint8Array;
}

export const zOf = (label: string, latentSize: number) => latentFromSeed(parseSeed(label), latentSize);

/** Overshoots of the enlarging kernel make a difference of one level larger, and rounding adds one. */
const ENLARGING = 1;

/**
 * Largest difference between a picture and a small one enlarged to its size, by the definition of the Catmull-Rom kernel.
 * Runs in Node and, as a script that `visit` adds, in pages.
 * @param data RGBA of the picture
 * @param bytes RGBA of the small one
 */
export function enlargedDifference(data: ArrayLike<number>, bytes: ArrayLike<number>): number {
  const side = Math.sqrt(data.length / 4);
  const size = Math.sqrt(bytes.length / 4);
  const stretch = Math.max(1, size / side);
  const kernel = (t: number) => {
    const x = Math.abs(t);
    if (x < 1) return 1.5 * x ** 3 - 2.5 * x ** 2 + 1;
    return x < 2 ? -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2 : 0;
  };
  const taps = Array.from({ length: side }, (_, i) => {
    const at = ((i + 0.5) * size) / side;
    const all = Array.from({ length: size }, (_, k) => ({ k, weight: kernel((k + 0.5 - at) / stretch) }));
    const sum = all.reduce((total, { weight }) => total + weight, 0);
    return all.filter(({ weight }) => weight !== 0).map(({ k, weight }) => ({ k, weight: weight / sum }));
  });
  let most = 0;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      for (let c = 0; c < 3; c++) {
        let value = 0;
        for (const row of taps[y]!) {
          for (const column of taps[x]!)
            value += row.weight * column.weight * bytes[4 * (row.k * size + column.k) + c]!;
        }
        const level = Math.min(255, Math.max(0, value));
        most = Math.max(most, Math.abs(level - data[4 * (y * side + x) + c]!));
      }
    }
  }
  return most;
}

declare global {
  interface Window {
    enlargedDifference: typeof enlargedDifference;
  }
}

/** Largest difference between the picture that a canvas shows and a golden one, 0 to 255, apart from the enlarging. */
export async function differenceFrom(canvas: Locator, golden: Uint8Array): Promise<number> {
  const difference = await canvas.evaluate((element, bytes) => {
    const shown = element as HTMLCanvasElement;
    const { data } = shown.getContext('2d')!.getImageData(0, 0, shown.width, shown.height);
    return window.enlargedDifference(data, bytes);
  }, Array.from(golden));
  return Math.max(0, difference - ENLARGING);
}

/** A digest of what a canvas shows, to tell two pictures apart. */
export function pictureOf(canvas: Locator): Promise<string> {
  return canvas.evaluate(async (element) => {
    const shown = element as HTMLCanvasElement;
    const { data } = shown.getContext('2d')!.getImageData(0, 0, shown.width, shown.height);
    return new Uint8Array(await crypto.subtle.digest('SHA-256', data)).join();
  });
}
