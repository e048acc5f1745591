/** @module What the look of a picture does to its z. */

import { type ModelManifest, moveAlong, truncate } from '@latent-dogs/latent';
import type { PictureQuery } from '../parameters/queries.ts';

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
