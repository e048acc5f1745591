/** @module The expected pictures: the same model and z on onnxruntime-node. */
import { createHash } from 'node:crypto';
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

/** Enlarging filters overshoot: one level in the picture can become two on the canvas, and rounding adds one. */
const ENLARGED = 3;

/**
 * Largest difference between the picture that a canvas was given and a golden one, 0 to 255.
 * @throws Error if the canvas does not show the picture it was given
 */
export function differenceFrom(canvas: Locator, golden: Uint8Array): Promise<number> {
  return canvas.evaluate(
    (element, [bytes, tolerance]) => {
      const shown = element as HTMLCanvasElement;
      const largest = (a: ArrayLike<number>, b: ArrayLike<number>) => {
        let most = a.length === b.length ? 0 : 255;
        for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
        return most;
      };
      const given = shown.drawnPicture!;
      const small = new OffscreenCanvas(given.width, given.height);
      small.getContext('2d')!.putImageData(given, 0, 0);
      const enlarged = new OffscreenCanvas(shown.width, shown.height).getContext('2d', { alpha: false })!;
      enlarged.imageSmoothingQuality = 'high';
      enlarged.drawImage(small, 0, 0, shown.width, shown.height);
      const onCanvas = largest(
        enlarged.getImageData(0, 0, shown.width, shown.height).data,
        shown.getContext('2d')!.getImageData(0, 0, shown.width, shown.height).data,
      );
      if (onCanvas > tolerance) throw new Error(`The canvas differs by ${onCanvas} from the picture it was given.`);
      return largest(given.data, bytes);
    },
    [Array.from(golden), ENLARGED] as const,
  );
}

/** A digest of the picture that a canvas was given, to tell two pictures apart. */
export async function pictureOf(canvas: Locator): Promise<string> {
  const bytes = await canvas.evaluate((element) => Array.from((element as HTMLCanvasElement).drawnPicture!.data));
  return createHash('sha256').update(Uint8Array.from(bytes)).digest('hex');
}
