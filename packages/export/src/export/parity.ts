/** @module How far an exported file's pictures are from those of the trained network. */

import { GeneratorSession } from '@latent-dogs/client/runtime/generator-session';
import {
  type Checkpoint,
  checkPixels,
  type Parity,
  ParityMeter,
  type StateConfig,
  trainedGenerator,
} from '@latent-dogs/dcgan';
import { latentFromSeed } from '@latent-dogs/latent';
import { NCHW } from '@latent-dogs/tfjs-onnx';
import * as runtime from 'onnxruntime-node';

/** Seeds 0 to 255 are compared. */
const LATENTS = 256;
/** Pictures that the trained network makes at once. */
const REFERENCE_BATCH = 32;
/** A different number for the exported file, which leaves a remainder: this proves that its N is free. */
const EXPORTED_BATCH = 48;

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
  const G = await trainedGenerator(config, tensors, { runtime }, { batch: REFERENCE_BATCH, order: NCHW });
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
  const session = await GeneratorSession.open(runtime, onnx, { provider: 'cpu' });
  try {
    const area = 3 * size ** 2;
    const meter = new ParityMeter();
    for (let n = 0; n < LATENTS; n += EXPORTED_BATCH) {
      const N = Math.min(EXPORTED_BATCH, LATENTS - n);
      const { image, pixels } = await session.outputs(z.slice(n * latent, (n + N) * latent), ['image', 'pixels']);
      const values = image!.data as Float32Array;
      checkPixels(values, pixels!.data as Uint8Array, N, size);
      meter.add(values, reference.subarray(n * area, (n + N) * area), N);
    }
    return meter.result('TensorFlow.js network with batch norms in place, traced, on onnxruntime-node cpu');
  } finally {
    await session.release();
  }
}
