/** @module Downloads the model, reports progress and checks its digest. */

export class DownloadError extends Error {
  readonly reason: 'download' | 'damaged';

  constructor(reason: 'download' | 'damaged', message: string) {
    super(message);
    this.reason = reason;
  }
}

async function hexDigest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * @param source address of the file, or the file itself
 * @param bytes length of the file according to the catalogue
 * @param onProgress receives the number of bytes so far
 * @throws DownloadError if the file does not arrive, or is not the one in the catalogue
 */
export async function download(
  source: string | Blob,
  bytes: number,
  sha256: string,
  onProgress: (received: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const address = source instanceof Blob ? 'the file on this device' : source;
  const file = new Uint8Array(bytes);
  let received = 0;
  try {
    const response = source instanceof Blob ? new Response(source) : await fetch(source);
    if (!response.ok || response.body === null) throw new Error(`${response.status} ${response.statusText}`);
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (received + part.value.length > bytes)
        throw new DownloadError('damaged', `${address} is longer than announced.`);
      file.set(part.value, received);
      received += part.value.length;
      onProgress(received);
    }
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    throw new DownloadError('download', `${address}: ${error instanceof Error ? error.message : error}`);
  }
  // Only pages from https or localhost have `crypto.subtle`; elsewhere only the length is checked.
  const intact = received === bytes && (!crypto.subtle || (await hexDigest(file)) === sha256);
  if (!intact) throw new DownloadError('damaged', `${address} is not the file that models/index.json announces.`);
  return file;
}
