/** @module Captions of a picture, stored as PNG text chunks. */

import type { DogName, ModelManifest } from '@latent-dogs/latent';
import type { Captions } from '../picture/png.ts';

/** @param shown the dogs and parameters of the picture by name; the first letter of a keyword is capital */
export function captions(
  { name, generator }: ModelManifest,
  shown: Readonly<Record<string, DogName | readonly DogName[]>>,
): Captions {
  const texts = Object.entries(shown).map(([parameter, value]) => [
    parameter[0]!.toUpperCase() + parameter.slice(1),
    String(value),
  ]);
  return {
    Software: 'latent-dogs',
    ...Object.fromEntries(texts),
    Model: name,
    'Model SHA-256': generator.sha256,
  };
}
