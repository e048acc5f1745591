/** @module Random inputs of training steps, for trials and measurements. */
import { type Batch, type Config, drawAugmentations } from '@latent-dogs/dcgan';
import { NormalStream, UniformStream } from '@latent-dogs/latent';

/** An endless stream of batches, reproducible by seed. Photos are noise. */
export function trialBatches(config: Config, seed: number): () => Batch {
  const { batch, size, latent } = config;
  const normals = new NormalStream(seed);
  const uniforms = new UniformStream(seed);
  return () => ({
    real: Uint8Array.from({ length: batch * size * size * 3 }, () => uniforms.nextInt(256)),
    z: normals.fill(new Float32Array(batch * latent)),
    augmentReal: drawAugmentations(uniforms, batch, size),
    augmentFake: drawAugmentations(uniforms, batch, size),
  });
}
