/** @module Pictures of a checkpoint or of an exported model for seeds 0, 1, 2 …, the same as from `pnpm generate`. */
import { type Config, type Tensor as StoredTensor, trainedGenerator } from '@latent-dogs/dcgan';
import { latentFromSeed, type ModelManifest } from '@latent-dogs/latent';
import { type Pictures, pictures, quantised } from '@latent-dogs/metrics';
import { ExportedModel } from '@latent-dogs/models';
import * as runtime from 'onnxruntime-node';

export interface Sampler {
  /** Pictures of seeds 0 to `count` - 1. */
  pictures(count: number): Promise<Pictures>;
  dispose(): Promise<void>;
}

const BATCH = 50;

/** z of 50 seeds starting at `from`, [50, latent]. */
function latents(from: number, latent: number): Float32Array {
  const z = new Float32Array(BATCH * latent);
  for (let i = 0; i < BATCH; i++) z.set(latentFromSeed(from + i, latent), i * latent);
  return z;
}

async function inBatches(count: number, size: number, batch: (from: number) => Promise<Uint8Array>): Promise<Pictures> {
  const bytes = 3 * size * size;
  const pixels = new Uint8Array(count * bytes);
  for (let from = 0; from < count; from += BATCH) {
    const some = await batch(from);
    pixels.set(some.subarray(0, Math.min(BATCH, count - from) * bytes), from * bytes);
  }
  return pictures(pixels, size);
}

/** Samples a checkpoint: the moving average of G if the run keeps one. */
export async function checkpointSampler(config: Config, tensors: Record<string, StoredTensor>): Promise<Sampler> {
  const { size, latent } = config;
  const G = await trainedGenerator(config, tensors, { runtime }, { batch: BATCH });
  return {
    pictures: (count) => inBatches(count, size, async (from) => quantised(await G.run(latents(from, latent)))),
    dispose: () => G.dispose(),
  };
}

/** Samples an exported model. @throws UserError naming what is missing or damaged in its folder. */
export async function modelSampler(folder: string): Promise<Sampler & { manifest: ModelManifest }> {
  const model = await ExportedModel.open(folder);
  const { manifest } = model;
  const { latentSize, size } = manifest;
  return {
    manifest,
    pictures: (count) =>
      inBatches(count, size, async (from) => {
        const rgba = await model.run(latents(from, latentSize));
        return rgba.filter((_, i) => i % 4 !== 3);
      }),
    dispose: () => model.dispose(),
  };
}
