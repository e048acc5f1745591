/** @module Strong entity tags and the conditional requests that name them (RFC 9110, sections 8.8.3 and 13.1.2). */

/** A strong tag that stands for `text`: the first 128 bits of its SHA-256. */
export async function entityTag(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  const hexadecimal = Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, '0'));
  return `"${hexadecimal.join('')}"`;
}

/** Whether an `If-None-Match` header names the tag. The comparison is the weak one, as it must be for GET. */
export function namesTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return [...ifNoneMatch.matchAll(/(?:W\/)?("[^"]*")/g)].some(([, named]) => named === tag);
}
