/** @module The `Content-Disposition` header: how browsers show an answer, and what they call its file (RFC 6266). */

/** What RFC 8187 allows unencoded, and `encodeURIComponent` leaves so, except ' ( ) * which it does not allow. */
const NOT_ALLOWED = /['()*]/g;

/**
 * @param disposition whether browsers show the answer or save it
 * @param name of the file, in any script
 * @param ascii the name for clients that read only ASCII: letters, digits, dots, underscores and hyphens
 */
export function contentDisposition(disposition: 'inline' | 'attachment', name: string, ascii: string): string {
  if (/^[\w.-]+$/.test(name)) return `${disposition}; filename="${name}"`;
  const encoded = encodeURIComponent(name).replaceAll(
    NOT_ALLOWED,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${disposition}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
