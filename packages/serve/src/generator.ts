/** @module The part of the server that makes pictures, as the rest of it sees it. */

import type { ModelManifest } from '@latent-dogs/latent';
import type { Picture } from './picture/picture.ts';
import { sharedInitialisation } from './shared-initialisation.ts';

/** Runs the generator's graph on one z, float32 [latentSize]; gives its `pixels`, uint8 [height, width, 4] RGBA. */
export type Run = (z: Float32Array) => Promise<Uint8Array>;

/** A model that makes pictures. */
export interface Generator {
  readonly manifest: ModelManifest;
  /** Resolves as soon as pictures can be made. Rejects where the model cannot be loaded; a later call tries again. */
  ready(): Promise<void>;
  /** The picture of z, float32 [latentSize]. */
  generate(z: Float32Array): Promise<Picture>;
}

/**
 * A generator that loads its model when it is first needed, once for everybody who waits for it.
 *
 * @param open loads the model; it may take its time, and may fail
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
