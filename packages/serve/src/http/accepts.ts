/** @module Whether a client takes what a route makes. */

import Negotiator from 'negotiator';
import { Problem } from './problem.ts';

/**
 * The format of an answer follows from the URL alone, so that one URL has one answer; `Accept` can only refuse it.
 *
 * @param accept the request's header, if it has one
 * @throws Problem (406) naming what would be accepted here
 */
export function requireAcceptable(accept: string | undefined, mediaType: string, advice = ''): void {
  // HTTP clients that send an empty header mean no preference.
  if (!accept) return;
  if (new Negotiator({ headers: { accept } }).mediaTypes([mediaType]).length > 0) return;
  throw new Problem('not-acceptable', `This URL is answered with ${mediaType}, which "Accept" excludes.${advice}`);
}
