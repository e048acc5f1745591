/** @module A short training with known results, which shows whether a device computes correctly. */
import { type Config, createOnnxNetworks, Gan, presetConfig } from '@latent-dogs/dcgan';
import { NormalStream } from '@latent-dogs/latent';
import type { Device } from '@latent-dogs/tfjs-onnx';
import { randomBatches } from './random-batches.ts';

const config: Config = { ...presetConfig('dogs', 'photos'), channels: 8, latent: 8, batch: 2, augment: [] };

/** D_loss and G_loss of two steps, as onnxruntime-node computes them. */
export const EXPECTED = [1.2466, 2.8718, 1.3326, 2.3589] as const;

/** Devices round differently, above all in half precision; a wrong result is far off. */
const TOLERANCE = 0.02;

/** The losses of the two steps on `device`. */
export async function checkedLosses(device: Device): Promise<number[]> {
  const gan = await Gan.create(config, new NormalStream(1), (settings, values) =>
    createOnnxNetworks(settings, device, values),
  );
  try {
    const batch = randomBatches(config);
    const losses: number[] = [];
    for (let step = 1; step <= 2; step++) {
      const { lossD, lossG } = await gan.step(batch(step), step, { lrG: 1e-3, lrD: 1e-3 });
      losses.push(lossD, lossG);
    }
    return losses;
  } finally {
    await gan.dispose();
  }
}

/** @throws Error with the losses if they are not the expected ones. */
export async function selfCheck(device: Device): Promise<void> {
  const losses = await checkedLosses(device);
  const right = losses.every((loss, i) => Math.abs(loss - EXPECTED[i]!) < TOLERANCE);
  if (!right) throw new Error(`it computes losses ${losses}, which should be ${EXPECTED}`);
}
