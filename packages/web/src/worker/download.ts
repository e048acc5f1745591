/** @module Downloads a file of the page, or reads one of this device, and checks it. */
import type { GeneratorError } from '@latent-dogs/client/generator-error';
import type { FileDescription } from '@latent-dogs/client/runtime/described-file';
import { downloadFile } from '@latent-dogs/client/runtime/download';

interface Download extends FileDescription {
  /** Address of the file, or the file itself. */
  source: string | Blob;
}

/**
 * A damaged file is asked for once more, past all caches: one of them may hold another version, or a page that the host
 * sent for a missing file.
 *
 * @param onProgress receives the number of bytes so far, decompressed, and whether the server compressed them
 * @throws GeneratorError: 'download' if the file does not arrive, 'damaged' if it is another one
 */
export async function download(
  { source, ...description }: Download,
  onProgress: (received: number, isCompressed: boolean) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const read = (name: string, open: () => Response | Promise<Response>) =>
    downloadFile({ name, open }, description, {
      onProgress: (received, { headers }) => onProgress(received, headers.has('Content-Encoding')),
    });
  if (source instanceof Blob) return read('The file on this device', () => new Response(source));
  try {
    return await read(source, () => fetch(source));
  } catch (error) {
    if ((error as GeneratorError).code !== 'damaged') throw error;
    return read(source, () => fetch(source, { cache: 'reload' }));
  }
}
