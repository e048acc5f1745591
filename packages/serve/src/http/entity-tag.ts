/** @module Strong entity tags and conditional requests (RFC 9110, sections 8.8.3 and 13.1.2). */

/** A strong tag for `text`: the first 128 bits of its SHA-256, in hexadecimal. */
export async function entityTag(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  const hexadecimal = Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, '0'));
  return `"${hexadecimal.join('')}"`;
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
