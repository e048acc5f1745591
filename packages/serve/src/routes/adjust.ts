/** @module The z of a dog, and what the look of a picture does to it. */

import { type DogName, labelLatent, type ModelManifest, moveAlong, truncate } from '@latent-dogs/latent';
import type { PictureQuery } from '../parameters/queries.ts';

/** z of a dog before truncation, float32 [latentSize]. */
export const latentOf = (dog: DogName, { latentSize }: ModelManifest): Float32Array<ArrayBuffer> =>
  labelLatent(String(dog), latentSize);

/** Truncation, then the dials, as in the gallery and in packages/client. */
export const adjust = (
  z: Float32Array,
  { truncation, dials = [] }: Pick<PictureQuery, 'truncation' | 'dials'>,
  { directions }: ModelManifest,
): Float32Array<ArrayBuffer> => moveAlong(truncate(z, truncation), directions, dials);

/** Truncation and dials for captions and JSON; dials that were not turned are left out. */
export const shownLook = ({ truncation, dials }: Pick<PictureQuery, 'truncation' | 'dials'>) => ({
  truncation,
  ...(dials && { dials }),
});
