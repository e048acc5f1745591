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
  /** Seeds of the dogs that the page opens with (model.json); absent if nobody chose any. */
  opening?: readonly number[];
  /** Sizes of pictures of trainings that can start from it; absent without training weights. */
  starts?: readonly number[];
  /** Of a model that only this device has: its model.json, and its files by path. */
  local?: { manifest: ModelManifest; files: ReadonlyMap<string, File> };
}

const LARGEST_SIZE = 128;
const LEAST_CHANNELS = 8;

/** For `CatalogueEntry.starts`: a model's own size and, if its networks can grow, twice that (dcgan's training/grow.ts). */
export function startsOf({ size, training }: ModelManifest): Pick<CatalogueEntry, 'starts'> {
  if (!training.weights) return {};
  const channels = Number(training.config['channels']) / 2;
  const grows = size * 2 <= LARGEST_SIZE && Number.isInteger(channels) && channels >= LEAST_CHANNELS;
  return { starts: grows ? [size, size * 2] : [size] };
}

/**
 * Address of a file of a model. It holds the model's digest, so every version has another address and caches may keep it
 * indefinitely.
 */
export function modelAddress({ name, sha256, local }: CatalogueEntry, file: string): string {
  if (local) return addressOf(local.files.get(file));
  return new URL(`models/${name}/${file}?v=${sha256.slice(0, 16)}`, document.baseURI).href;
}

const addresses = new WeakMap<File, string>();

/** The address of a file on this device, which only this page can read. */
function addressOf(file: File | undefined): string {
  if (!file) return '';
  const address = addresses.get(file) ?? URL.createObjectURL(file);
  addresses.set(file, address);
  return address;
}

async function fetchOk(address: string, cache: RequestCache): Promise<Response> {
  const response = await fetch(address, { cache });
  if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  return response;
}

interface Catalogue {
  /** Newest first. */
  models: CatalogueEntry[];
  /** Where the server has previews of links, relative to its root; null on plain static hosts. */
  linkPreviews: string | null;
}

/** @param cache 'reload' asks the server past all caches */
export async function loadCatalogue(cache: RequestCache): Promise<Catalogue> {
  const response = await fetchOk(new URL('models/index.json', document.baseURI).href, cache);
  const { models } = (await response.json()) as Pick<Catalogue, 'models'>;
  return { models, linkPreviews: response.headers.get('Link-Previews') };
}

/** @throws Error if it does not arrive, or only that of another version of the model */
export async function loadManifest(entry: CatalogueEntry): Promise<ModelManifest> {
  if (entry.local) return entry.local.manifest;
  const address = new URL(`models/${entry.name}/model.json`, document.baseURI).href;
  for (const cache of ['default', 'reload'] as const) {
    const manifest = parseModelManifest(await (await fetchOk(address, cache)).json());
    if (manifest.generator.sha256 === entry.sha256) return manifest;
  }
  throw new Error(`${address} describes another version of the model`);
}
