/** @module How far an exported file's pictures are from those of the trained network. */

import type { Checkpoint, StateConfig } from '@latent-dogs/dcgan';
import { chwToRgba, latentFromSeed, type ModelManifest, UserError } from '@latent-dogs/latent';
import type { WeightPrecision } from '@latent-dogs/tfjs-onnx';
import { NCHW } from '@latent-dogs/tfjs-onnx';
import { trainedGenerator } from '@latent-dogs/train';
import { InferenceSession, Tensor } from 'onnxruntime-node';

export type Parity = ModelManifest['parity'];

/** Seeds 0 to 255 are compared. */
const LATENTS = 256;
/** Pictures that the trained network makes at once. */
const REFERENCE_BATCH = 32;
/** A different number for the exported file, which leaves a remainder: this proves that its N is free. */
const EXPORTED_BATCH = 48;
/** Black to white. */
const PEAK = 2;

/** The latents that are compared, [256, latent]. */
export function parityLatents(latent: number): Float32Array {
  const z = new Float32Array(LATENTS * latent);
  for (let seed = 0; seed < LATENTS; seed++) z.set(latentFromSeed(seed, latent), seed * latent);
  return z;
}

/** Pictures [256, 3, H, W] by the network as training samples it: batch norms in place, moving average of G if any. */
export async function trainedPictures(
  config: StateConfig,
  { tensors }: Checkpoint,
  z: Float32Array,
): Promise<Float32Array> {
  const G = await trainedGenerator(config, tensors, { batch: REFERENCE_BATCH, order: NCHW });
  try {
    const area = 3 * config.size ** 2;
    const pictures = new Float32Array(LATENTS * area);
    for (let n = 0; n < LATENTS; n += REFERENCE_BATCH)
      pictures.set(await G.run(z.slice(n * config.latent, (n + REFERENCE_BATCH) * config.latent)), n * area);
    return pictures;
  } finally {
    await G.dispose();
  }
}

/**
 * Runs the exported bytes on the same z and compares `image` with `reference` [256, 3, H, W].
 *
 * @throws UserError if its `pixels` are not its `image` in bytes.
 */
export async function compareExported(
  onnx: Uint8Array,
  { latent, size }: { latent: number; size: number },
  z: Float32Array,
  reference: Float32Array,
): Promise<Parity> {
  const session = await InferenceSession.create(onnx, { executionProviders: ['cpu'] });
  try {
    const area = 3 * size ** 2;
    let largest = 0;
    let sum = 0;
    let squares = 0;
    for (let n = 0; n < LATENTS; n += EXPORTED_BATCH) {
      const N = Math.min(EXPORTED_BATCH, LATENTS - n);
      const { image, pixels } = await session.run({
        z: new Tensor('float32', z.slice(n * latent, (n + N) * latent), [N, latent]),
      });
      const values = image!.data as Float32Array;
      checkPixels(values, pixels!.data as Uint8Array, N, size);
      for (const [i, value] of values.entries()) {
        const difference = Math.abs(value - reference[n * area + i]!);
        // Once NaN, always NaN.
        if (difference > largest || Number.isNaN(difference)) largest = difference;
        sum += difference;
        squares += difference ** 2;
      }
    }
    const count = LATENTS * area;
    return {
      latents: LATENTS,
      maxAbsoluteError: largest,
      meanAbsoluteError: sum / count,
      psnr: squares === 0 ? null : 10 * Math.log10(PEAK ** 2 / (squares / count)),
      backend: 'TensorFlow.js network with batch norms in place, traced, on onnxruntime-node cpu',
    };
  } finally {
    await session.release();
  }
}

function checkPixels(image: Float32Array, pixels: Uint8Array, N: number, size: number): void {
  for (let n = 0; n < N; n++) {
    const expected = chwToRgba(image, size, size, n);
    const start = n * expected.length;
    const wrong = expected.findIndex((value, i) => value !== pixels[start + i]);
    if (wrong >= 0)
      throw new UserError(
        `the exported file's pixels are not its image: byte ${wrong} of picture ${n} is ${pixels[start + wrong]}, and should be ${expected[wrong]}`,
      );
  }
}

/**
 * What each precision must reach. fp32 differs only by rounding. With fewer bits the mean square error counts: 45 dB are
 * 1.4 of 256 levels, which is invisible; 30 dB are 8 levels, a fine grain. A working export is well above (measured on
 * photos: fp16 89 dB, int8 58 dB), a wrong one far below.
 */
export const parityBounds = {
  fp32: { maxAbsoluteError: 1e-4, psnr: 80 },
  fp16: { maxAbsoluteError: 0.5, psnr: 45 },
  int8: { maxAbsoluteError: 2, psnr: 30 },
} as const satisfies Record<WeightPrecision, { maxAbsoluteError: number; psnr: number }>;

/** @throws UserError with the numbers if the parity misses its bounds; NaN misses all. */
export function checkParity({ maxAbsoluteError, psnr }: Parity, precision: WeightPrecision): void {
  const bounds = parityBounds[precision];
  const near = maxAbsoluteError <= bounds.maxAbsoluteError && (psnr === null || psnr >= bounds.psnr);
  if (near) return;
  throw new UserError(
    `the exported file is not the trained network, so nothing was written: max abs error ${maxAbsoluteError.toPrecision(3)} ` +
      `(at most ${bounds.maxAbsoluteError} at ${precision}), PSNR ${psnr?.toFixed(1) ?? 'infinite'} dB (at least ${bounds.psnr})` +
      (precision === 'fp32' ? '' : '; try --precision fp32'),
  );
}
