/** @module Random values of a step's inputs, for trials and measurements. */

import type { Config } from '@latent-dogs/dcgan';
import { drawAugmentations } from '@latent-dogs/dcgan';
import { NormalStream, UniformStream } from '@latent-dogs/latent';
import type { Batch } from '../../gan.ts';

/** An endless stream of batches, the same for the same seed. Photos are noise in [-1, 1], with the values where `planar` wants them. */
export function trialBatches(config: Config, planar: boolean, seed: number): () => Batch {
  const { batch, size, latent } = config;
  const normals = new NormalStream(seed);
  const uniforms = new UniformStream(seed);
  return () => {
    const interleaved = normals.fill(new Float32Array(batch * 3 * size * size)).map(Math.tanh);
    return {
      real: planar ? planes(interleaved, size * size) : interleaved,
      z: normals.fill(new Float32Array(batch * latent)),
      augmentReal: drawAugmentations(uniforms, batch, size),
      augmentFake: drawAugmentations(uniforms, batch, size),
    };
  };
}

/** [N,H,W,3] -> [N,3,H,W]. */
function planes(interleaved: Float32Array, area: number): Float32Array {
  return interleaved.map((_, i) => {
    const [picture, channel, pixel] = [Math.floor(i / (3 * area)), Math.floor(i / area) % 3, i % area];
    return interleaved[(picture * area + pixel) * 3 + channel]!;
  });
}
