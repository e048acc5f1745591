/** @module A file that model.json describes, compared with its description. */

export interface FileDescription {
  readonly bytes: number;
  /** Lowercase hexadecimal. */
  readonly sha256: string;
}

/** How `contents` differ from the file described, such as "another SHA-256", or null if they are that file. */
export async function differenceFrom(
  { bytes, sha256 }: FileDescription,
  contents: Uint8Array<ArrayBuffer>,
): Promise<string | null> {
  if (contents.length !== bytes) return `${contents.length} bytes instead of ${bytes}`;
  // Only pages from https or localhost have `crypto.subtle`; elsewhere only the length is checked.
  if (!globalThis.crypto?.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', contents));
  const hexadecimal = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hexadecimal === sha256 ? null : 'another SHA-256';
}
