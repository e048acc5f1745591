/** @module Strong entity tags and conditional requests (RFC 9110, sections 8.8.3 and 13.1.2). */
import { createHash } from 'node:crypto';

/** A strong tag for `text`: the first 128 bits of its SHA-256, in hexadecimal. */
export function entityTag(text: string): string {
  return `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"`;
}

/**
 * The 304 answer if `If-None-Match` names the `ETag` in `headers`, else undefined. GET compares weakly.
 *
 * @param ifNoneMatch the request's header, if it has one
 * @param headers of the answer
 */
export function notModified(ifNoneMatch: string | undefined, headers: Headers): Response | undefined {
  if (ifNoneMatch === undefined || !namesTag(ifNoneMatch, headers.get('ETag')!)) return undefined;
  return new Response(null, { status: 304, headers });
}

function namesTag(ifNoneMatch: string, tag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = tag.replace(/^W\//, '');
  return [...ifNoneMatch.matchAll(/(?:W\/)?("[^"]*")/g)].some(([, named]) => named === opaque);
}
