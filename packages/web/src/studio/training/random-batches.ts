/** @module Data of training steps without photos. */
import type { Batch, Config } from '@latent-dogs/dcgan';
import { NormalStream, UniformStream } from '@latent-dogs/latent';

/** Random numbers per picture that an augmentation is made of. */
const AUGMENTATION = 7;

/** @returns a function that gives the data of step 1, 2, …; the same each time for the same settings. */
export function randomBatches({ batch, size, latent }: Config): (step: number) => Batch {
  const uniforms = new UniformStream(2);
  return (step) => ({
    real: Uint8Array.from({ length: batch * size * size * 3 }, () => uniforms.nextInt(256)),
    z: new NormalStream(step).fill(new Float32Array(batch * latent)),
    augmentReal: new Float32Array(batch * AUGMENTATION).fill(0.5),
    augmentFake: new Float32Array(batch * AUGMENTATION).fill(0.5),
  });
}
