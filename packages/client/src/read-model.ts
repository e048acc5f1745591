/** @module Reads a model and checks it against its model.json. */
import { parseModelManifest, UserError } from '@latent-dogs/latent';
import { GeneratorError } from './generator-error.ts';
import { downloadFile, downloadText, requireIntact } from './runtime/download.ts';
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
    await requireIntact(description.generator.file, description.generator, onnx);
    return { description, onnx };
  }
  const address = manifestAddress(source, base);
  const description = describe(await readJson(address, open, signal), address.href);
  const { generator } = description;
  const file = new URL(generator.file, address);
  // Another version of the model has another address, so that a cache never answers with the wrong one.
  if (file.protocol !== 'file:') file.searchParams.set('v', generator.sha256.slice(0, 16));
  const onnx = await downloadFile({ name: file.href, open: () => open(file, signal) }, generator, {
    signal,
    onProgress: (received) => onProgress?.(received, generator.bytes),
  });
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

async function readJson(address: URL, open: OpenFile, signal: AbortSignal | undefined): Promise<unknown> {
  const text = await downloadText({ name: address.href, open: () => open(address, signal) }, signal);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GeneratorError('invalid-model', `${address.href}: not JSON`, { cause });
  }
}
