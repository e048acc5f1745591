/** @module The `Accept` header. */

import Negotiator from 'negotiator';
import { Problem } from './problem.ts';

/**
 * The URL alone determines the format, so that each URL has one answer; `Accept` can only reject it.
 *
 * @param accept the request's header, if it has one
 * @throws Problem (406) naming the media type of this URL
 */
export function requireAcceptable(accept: string | undefined, mediaType: string, advice = ''): void {
  // An empty header means no preference.
  if (!accept) return;
  if (new Negotiator({ headers: { accept } }).mediaTypes([mediaType]).length > 0) return;
  throw new Problem('not-acceptable', `The media type of this URL is ${mediaType}, which "Accept" excludes.${advice}`);
}
