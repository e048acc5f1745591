/** @module Files of a model as they arrive: with progress, by a signal that stops them, checked at the end. */
import { GeneratorError } from '../generator-error.ts';
import { differenceFrom, type FileDescription } from './described-file.ts';

/** A file to ask for. */
interface WantedFile {
  /** For messages. */
  readonly name: string;
  open(): Response | Promise<Response>;
}

interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Called with the bytes so far, decompressed, and with the answer that they are part of. */
  readonly onProgress?: (received: number, response: Response) => void;
}

/** @throws the signal's reason, or GeneratorError: 'download' if the file does not arrive, 'damaged' if it is another one */
export async function downloadFile(
  file: WantedFile,
  description: FileDescription,
  { signal, onProgress }: DownloadOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { bytes } = description;
  const response = await openFile(file, signal);
  const contents = new Uint8Array(bytes);
  let received = 0;
  const reader = response.body!.getReader();
  const next = () => arrives(file, signal, () => reader.read());
  for (let part = await next(); !part.done; part = await next()) {
    if (received + part.value.length > bytes) {
      void reader.cancel();
      throw damaged(file.name, `longer than ${bytes} bytes`);
    }
    contents.set(part.value, received);
    received += part.value.length;
    onProgress?.(received, response);
  }
  await requireIntact(file.name, description, contents.subarray(0, received));
  return contents;
}

/** @throws the signal's reason, or GeneratorError 'download' */
export async function downloadText(file: WantedFile, signal?: AbortSignal): Promise<string> {
  const response = await openFile(file, signal);
  return arrives(file, signal, () => response.text());
}

/** @throws GeneratorError 'damaged' */
export async function requireIntact(
  name: string,
  description: FileDescription,
  contents: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const difference = await differenceFrom(description, contents);
  if (difference !== null) throw damaged(name, difference);
}

const damaged = (name: string, difference: string) =>
  new GeneratorError('damaged', `${name} is not the file that it should be: ${difference}.`);

async function openFile(file: WantedFile, signal: AbortSignal | undefined): Promise<Response> {
  const response = await arrives(file, signal, () => file.open());
  if (response.ok && response.body !== null) return response;
  throw new GeneratorError('download', `${file.name}: ${response.status} ${response.statusText}`.trimEnd());
}

/** @throws the signal's reason, or GeneratorError 'download' for whatever else stops the transfer */
async function arrives<Value>(
  { name }: WantedFile,
  signal: AbortSignal | undefined,
  transfer: () => Value | Promise<Value>,
): Promise<Value> {
  try {
    return await transfer();
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GeneratorError('download', `${name}: ${reason}`, { cause });
  }
}
