/** @module Refuses requests that name another model. */

import type { ModelManifest } from '@latent-dogs/latent';
import { Problem } from '../http/problem.ts';

/**
 * @param digits the first digits of a SHA-256, if the request names a model
 * @throws Problem (404) naming the served model, if it is another one
 */
export function requireServedModel(digits: string | undefined, { generator }: ModelManifest): void {
  if (digits === undefined || generator.sha256.startsWith(digits)) return;
  throw new Problem(
    'unknown-model',
    `The model ${digits} is not served here; without "model" the served one answers, ${generator.sha256}.`,
  );
}
