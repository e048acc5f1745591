/** @module Downloads a file, reports progress and checks its digest. */

export class DownloadError extends Error {
  readonly reason: 'download' | 'damaged';

  constructor(reason: 'download' | 'damaged', message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface Download {
  /** Address of the file, or the file itself. */
  source: string | Blob;
  /** Its length. */
  bytes: number;
  sha256: string;
}

async function hexDigest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

type OnProgress = (received: number, isCompressed: boolean) => void;

async function fetchOnce({ source, bytes, sha256 }: Download, cache: RequestCache, onProgress: OnProgress) {
  const address = source instanceof Blob ? 'the file on this device' : source;
  const file = new Uint8Array(bytes);
  let received = 0;
  try {
    const response = source instanceof Blob ? new Response(source) : await fetch(source, { cache });
    if (!response.ok || response.body === null) throw new Error(`${response.status} ${response.statusText}`);
    const isCompressed = response.headers.has('Content-Encoding');
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (received + part.value.length > bytes) {
        void reader.cancel();
        throw new DownloadError('damaged', `${address} is longer than announced.`);
      }
      file.set(part.value, received);
      received += part.value.length;
      onProgress(received, isCompressed);
    }
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    throw new DownloadError('download', `${address}: ${error instanceof Error ? error.message : error}`);
  }
  // Only pages from https or localhost have `crypto.subtle`; elsewhere only the length is checked.
  const intact = received === bytes && (!crypto.subtle || (await hexDigest(file)) === sha256);
  if (!intact) throw new DownloadError('damaged', `${address} is not the file that this version of the page needs.`);
  return file;
}

/**
 * A damaged file is asked for once more, past all caches: one of them may hold another version, or a page that the host
 * sent for a missing file.
 *
 * @param onProgress receives the number of bytes so far, decompressed, and whether the server compressed them
 * @throws DownloadError if the file does not arrive, or is another one
 */
export async function download(file: Download, onProgress: OnProgress = () => {}): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await fetchOnce(file, 'default', onProgress);
  } catch (error) {
    if ((error as DownloadError).reason !== 'damaged' || file.source instanceof Blob) throw error;
    return fetchOnce(file, 'reload', onProgress);
  }
}
