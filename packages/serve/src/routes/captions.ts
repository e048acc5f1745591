/** @module Captions of a picture, stored as PNG text chunks. */

import type { ModelManifest } from '@latent-dogs/latent';
import type { Captions } from '../picture/png.ts';

/** @param shown the seeds and parameters of the picture */
export function captions({ name, generator }: ModelManifest, shown: Record<string, number | string>): Captions {
  const texts = Object.entries(shown).map(([keyword, value]) => [keyword, String(value)]);
  return {
    Software: 'latent-dogs',
    ...Object.fromEntries(texts),
    Model: name,
    'Model SHA-256': generator.sha256,
  };
}
