/** @module The models that this page has, and their model.json. */
import { type ModelManifest, parseModelManifest } from '@latent-dogs/latent';

/** A model as models/index.json lists it: enough to begin its download. */
export interface CatalogueEntry {
  name: string;
  /** Width and height of a picture, pixels. */
  size: number;
  latentSize: number;
  /** The ONNX file, relative to the model's folder. */
  file: string;
  sha256: string;
  bytes: number;
}

/**
 * Address of a file of a model. It holds the model's digest, so every version has another address and caches may keep it
 * indefinitely.
 */
export function modelAddress({ name, sha256 }: CatalogueEntry, file: string): string {
  return new URL(`models/${name}/${file}?v=${sha256.slice(0, 16)}`, document.baseURI).href;
}

async function fetchJson(address: string): Promise<unknown> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  return response.json();
}

/** All models, newest first. */
export async function loadCatalogue(): Promise<CatalogueEntry[]> {
  const { models } = (await fetchJson(new URL('models/index.json', document.baseURI).href)) as {
    models: CatalogueEntry[];
  };
  return models;
}

export async function loadManifest(entry: CatalogueEntry): Promise<ModelManifest> {
  return parseModelManifest(await fetchJson(new URL(`models/${entry.name}/model.json`, document.baseURI).href));
}
