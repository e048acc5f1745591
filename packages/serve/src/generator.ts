/** @module The generator as the server uses it, independent of the runtime. */

import type { ModelManifest } from '@latent-dogs/latent';
import type { Picture } from './picture/picture.ts';
import { sharedInitialisation } from './shared-initialisation.ts';

/** Runs the generator on one z, float32 [latentSize]; resolves with its `pixels`, uint8 [height, width, 4] RGBA. */
export type Run = (z: Float32Array) => Promise<Uint8Array>;

export interface Generator {
  readonly manifest: ModelManifest;
  /** Resolves when the model is loaded; rejects if loading fails, and a later call tries again. */
  ready(): Promise<void>;
  /** The picture of z, float32 [latentSize]. */
  generate(z: Float32Array): Promise<Picture>;
}

/**
 * A generator that loads its model on first use, once for all concurrent callers.
 *
 * @param open loads the model
 */
export function createGenerator(manifest: ModelManifest, open: () => Promise<Run>): Generator {
  const run = sharedInitialisation(open);
  const { height, width } = manifest.outputs.pixels;
  return {
    manifest,
    ready: async () => void (await run()),
    generate: async (z) => {
      const pixels = await (await run())(z);
      return { data: new Uint8ClampedArray(pixels), width, height };
    },
  };
}
