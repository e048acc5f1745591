/** @module What the dogs should look like: the same model and z on onnxruntime-node. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { latentFromSeed, parseSeed } from '@latent-dogs/latent';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Locator } from 'playwright-core';

/** RGBA pixels of z by a model of a folder of models. */
export async function goldenPixels(models: string, name: string, z: Float32Array): Promise<Uint8Array> {
  const session = await InferenceSession.create(await readFile(join(models, name, 'generator.onnx')));
  const { pixels } = await session.run({ z: new Tensor('float32', z, [1, z.length]) }, ['pixels']);
  await session.release();
  return pixels!.data as Uint8Array;
}

export const zOf = (label: string, latentSize: number) => latentFromSeed(parseSeed(label), latentSize);

/**
 * Largest difference between what a canvas shows and a golden picture, 0 to 255. The golden one is enlarged as the page
 * enlarges, on a canvas of the same size.
 */
export function differenceFrom(canvas: Locator, golden: Uint8Array): Promise<number> {
  return canvas.evaluate((element, bytes) => {
    const shown = element as HTMLCanvasElement;
    const side = Math.sqrt(bytes.length / 4);
    const small = document.createElement('canvas');
    small.width = small.height = side;
    small.getContext('2d')!.putImageData(new ImageData(Uint8ClampedArray.from(bytes), side, side), 0, 0);
    const large = document.createElement('canvas');
    large.width = shown.width;
    large.height = shown.height;
    const context = large.getContext('2d', { alpha: false }) as CanvasRenderingContext2D;
    context.imageSmoothingQuality = 'high';
    context.drawImage(small, 0, 0, large.width, large.height);
    const expected = context.getImageData(0, 0, large.width, large.height).data;
    const actual = shown.getContext('2d')!.getImageData(0, 0, shown.width, shown.height).data;
    let most = 0;
    for (let i = 0; i < expected.length; i++) most = Math.max(most, Math.abs(expected[i]! - actual[i]!));
    return most;
  }, Array.from(golden));
}

/** A digest of what a canvas shows, to tell two pictures apart. */
export function pictureOf(canvas: Locator): Promise<string> {
  return canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
}
