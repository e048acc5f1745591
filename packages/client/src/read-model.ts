/** @module Reads a model and checks it against its model.json. */
import { parseModelManifest, UserError } from '@latent-dogs/latent';
import { GeneratorError } from './generator-error.ts';
import type { LoadOptions, ModelDescription, ModelFiles } from './types.ts';

export interface Model {
  readonly description: ModelDescription;
  /** The ONNX file. */
  readonly onnx: Uint8Array<ArrayBuffer>;
}

/** Opens a file of a model folder. */
type OpenFile = (address: URL, signal?: AbortSignal) => Promise<Response>;

/**
 * @param source address of a model folder or of its model.json, or the files themselves
 * @param base what a relative address is relative to; undefined if there is nothing
 * @throws GeneratorError, or the signal's reason
 */
export async function readModel(
  source: string | URL | ModelFiles,
  { signal, onProgress }: LoadOptions,
  base: string | undefined,
  open: OpenFile = fetchFile,
): Promise<Model> {
  signal?.throwIfAborted();
  if (typeof source !== 'string' && !(source instanceof URL)) {
    const description = describe(source.manifest, 'model.json');
    const bytes = source.generator instanceof Uint8Array ? source.generator : new Uint8Array(source.generator);
    const onnx = Uint8Array.from(bytes);
    await requireIntact(onnx, description, description.generator.file);
    return { description, onnx };
  }
  const address = manifestAddress(source, base);
  const description = describe(await readJson(address, open, signal), address.href);
  const file = new URL(description.generator.file, address);
  // Another version of the model has another address, so that a cache never answers with the wrong one.
  if (file.protocol !== 'file:') file.searchParams.set('v', description.generator.sha256.slice(0, 16));
  const onnx = await readBytes(file, description.generator.bytes, open, signal, onProgress);
  await requireIntact(onnx, description, file.href);
  return { description, onnx };
}

function manifestAddress(source: string | URL, base: string | undefined): URL {
  const text = String(source);
  if (!URL.canParse(text, base)) {
    throw new GeneratorError(
      'invalid-input',
      `"${text}" is not the address of a model: give an absolute address, such as https://example.org/models/dogs-128/`,
    );
  }
  const address = new URL(text, base);
  if (address.pathname.endsWith('.json')) return address;
  if (!address.pathname.endsWith('/')) address.pathname += '/';
  return new URL('model.json', address);
}

function describe(manifest: unknown, file: string): ModelDescription {
  try {
    return parseModelManifest(manifest, file);
  } catch (error) {
    if (error instanceof UserError) throw new GeneratorError('invalid-model', error.message);
    throw error;
  }
}

const fetchFile: OpenFile = (address, signal) => fetch(address, { signal: signal ?? null });

async function openFile(address: URL, open: OpenFile, signal: AbortSignal | undefined): Promise<Response> {
  const response = await arrives(address, signal, () => open(address, signal));
  if (response.ok) return response;
  throw new GeneratorError('download', `${address.href}: ${response.status} ${response.statusText}`.trimEnd());
}

async function readJson(address: URL, open: OpenFile, signal: AbortSignal | undefined): Promise<unknown> {
  const response = await openFile(address, open, signal);
  const text = await arrives(address, signal, () => response.text());
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GeneratorError('invalid-model', `${address.href}: not JSON`, { cause });
  }
}

async function readBytes(
  address: URL,
  bytes: number,
  open: OpenFile,
  signal: AbortSignal | undefined,
  onProgress: LoadOptions['onProgress'],
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await openFile(address, open, signal);
  const file = new Uint8Array(bytes);
  let received = 0;
  const reader = response.body!.getReader();
  const next = () => arrives(address, signal, () => reader.read());
  for (let part = await next(); !part.done; part = await next()) {
    if (received + part.value.length > bytes) {
      await reader.cancel();
      throw damaged(address.href, `longer than ${bytes} bytes`);
    }
    file.set(part.value, received);
    received += part.value.length;
    onProgress?.(received, bytes);
  }
  if (received < bytes) throw damaged(address.href, `${received} bytes instead of ${bytes}`);
  return file;
}

/** @throws the signal's reason, or GeneratorError 'download' for whatever else stops the transfer */
async function arrives<Value>(
  address: URL,
  signal: AbortSignal | undefined,
  transfer: () => Promise<Value>,
): Promise<Value> {
  try {
    return await transfer();
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GeneratorError('download', `${address.href}: ${reason}`, { cause });
  }
}

async function requireIntact(
  onnx: Uint8Array<ArrayBuffer>,
  { generator }: ModelDescription,
  name: string,
): Promise<void> {
  if (onnx.length !== generator.bytes) throw damaged(name, `${onnx.length} bytes instead of ${generator.bytes}`);
  // Only pages from https or localhost have `crypto.subtle`; elsewhere only the length is checked.
  if (!globalThis.crypto?.subtle) return;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', onnx));
  const hexadecimal = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (hexadecimal !== generator.sha256) throw damaged(name, 'another SHA-256');
}

const damaged = (name: string, how: string) =>
  new GeneratorError('damaged', `${name} is not the file that model.json describes: ${how}.`);
