/** @module How far an exported file's pictures are from those of the trained network. */
import { chwToRgba, type ModelManifest, UserError } from '@latent-dogs/latent';
import type { WeightPrecision } from '@latent-dogs/tfjs-onnx';

export type Parity = ModelManifest['parity'];

/** Black to white. */
const PEAK = 2;

/** Compares pictures, a batch at a time. */
export class ParityMeter {
  #pictures = 0;
  #values = 0;
  #largest = 0;
  #sum = 0;
  #squares = 0;

  /** `image`: the exported file's [N, 3, H, W] in [-1, 1]; `reference`: the network's. */
  add(image: Float32Array, reference: Float32Array, N: number): void {
    for (const [i, value] of image.entries()) {
      const difference = Math.abs(value - reference[i]!);
      // Once NaN, always NaN.
      if (difference > this.#largest || Number.isNaN(difference)) this.#largest = difference;
      this.#sum += difference;
      this.#squares += difference ** 2;
    }
    this.#values += image.length;
    this.#pictures += N;
  }

  /** The differences so far. `backend`: what computed both, for model.json. */
  result(backend: string): Parity {
    return {
      latents: this.#pictures,
      maxAbsoluteError: this.#largest,
      meanAbsoluteError: this.#sum / this.#values,
      psnr: this.#squares === 0 ? null : 10 * Math.log10(PEAK ** 2 / (this.#squares / this.#values)),
      backend,
    };
  }
}

/**
 * Checks that `pixels` uint8 [N, H, W, 4] are `image` float32 [N, 3, H, W] in bytes.
 *
 * @throws UserError naming the first byte that is not.
 */
export function checkPixels(image: Float32Array, pixels: Uint8Array, N: number, size: number): void {
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
