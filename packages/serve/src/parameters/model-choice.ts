/** @module Which of the served models a request names. */

import type { ModelManifest } from '@latent-dogs/latent';

/** Digits of a SHA-256 that suffice to name a model. */
const LEAST_DIGITS = 8;

/** @param named in lower case: the name of a model, or the first digits of its digest */
export function findModel<Model extends { readonly generator: { readonly manifest: ModelManifest } }>(
  models: readonly Model[],
  named: string,
): Model | undefined {
  return (
    models.find(({ generator }) => generator.manifest.name === named) ??
    models.find(({ generator }) => namesDigest(named, generator.manifest))
  );
}

/** Whether the request names the model by its digest, so that no other model ever answers it. */
export const namesDigest = (named: string | undefined, { generator }: ModelManifest): boolean =>
  named !== undefined && named.length >= LEAST_DIGITS && generator.sha256.startsWith(named);
