/** @module The one generator of this page: its model and its state. */
import type { ModelManifest } from '@latent-dogs/latent';
import { batch, computed, effect, signal } from '@preact/signals';
import { messages } from '../messages/messages.ts';
import { openWith } from '../opening/opening.ts';
import { notify } from '../state/notice.ts';
import { modelDigest, modelName, wantedDigest } from '../state/stage-state.ts';
import { type CatalogueEntry, loadCatalogue, loadManifest, modelAddress } from './catalogue.ts';
import { DogMaker } from './dog-maker.ts';
import { loadLocalModels } from './local-models.ts';
import type { FailureReason, ProviderName } from './protocol.ts';
import { chooseThreadsLater, threadsFor } from './thread-choice.ts';

const createWorker = () => new Worker(new URL('../worker/generator-worker.ts', import.meta.url), { type: 'module' });
export const maker = new DogMaker(createWorker);

export const catalogue = signal<readonly CatalogueEntry[]>([]);
/** Where the server has previews of links, such as "/s/"; null if it has none. */
export const linkPreviews = signal<string | null>(null);
/** The model in use. */
export const model = signal<CatalogueEntry | null>(null);
/** Its model.json, once that has arrived. */
export const manifest = signal<ModelManifest | null>(null);

const catalogueFailure = signal<{ reason: FailureReason | 'no-models'; detail: string } | null>(null);

/** Why there are no dogs, or null. */
export const failure = computed(() => {
  const status = maker.status.value;
  return catalogueFailure.value ?? (status.phase === 'failed' ? status : null);
});

/** For support and tests: ?provider=wasm forces a provider. */
function wantedProvider(): ProviderName | 'best' {
  const wanted = new URLSearchParams(location.search).get('provider');
  return wanted === 'wasm' || wanted === 'webgpu' ? wanted : 'best';
}

function startModel(entry: CatalogueEntry): void {
  batch(() => {
    model.value = entry;
    manifest.value = null;
    modelDigest.value = entry.sha256;
    openWith(entry);
  });
  const content = entry.local?.files.get(entry.file) ?? null;
  const source = { ...entry, address: modelAddress(entry, entry.file), content };
  maker.start(source, { provider: wantedProvider(), threads: threadsFor(entry.sha256) });
  loadManifest(entry)
    .then((loaded) => {
      if (model.value === entry) manifest.value = loaded;
    })
    .catch((error) => {
      // Making dogs takes only the network; without model.json there are no dials and no facts.
      console.warn(`models/${entry.name}/model.json: ${error.message}`);
    });
}

/**
 * Loads the list of models; from then on the stage's model is loaded whenever it changes.
 *
 * @param anew whether to ask the server past all caches
 */
export async function startEngine({ anew = false } = {}): Promise<void> {
  catalogueFailure.value = null;
  const local = await loadLocalModels();
  try {
    const { models, linkPreviews: previews } = await loadCatalogue(anew ? 'reload' : 'default');
    linkPreviews.value = previews;
    catalogue.value = [...models, ...local];
  } catch (error) {
    catalogueFailure.value = { reason: 'download', detail: String(error) };
    return;
  }
  if (catalogue.value.length === 0)
    catalogueFailure.value = { reason: 'no-models', detail: 'models/index.json is empty' };
}

// Once a model makes dogs, finds out how many threads suit it.
effect(() => {
  const status = maker.status.value;
  const entry = model.peek();
  if (status.phase !== 'ready' || status.provider !== 'wasm' || status.threads > 1 || !entry) return;
  const content = entry.local?.files.get(entry.file) ?? null;
  const source = { ...entry, address: modelAddress(entry, entry.file), content };
  return chooseThreadsLater(maker, new DogMaker(createWorker), source, entry.latentSize);
});

effect(() => {
  const entries = catalogue.value;
  if (entries.length === 0) return;
  const name = modelName.value;
  const named = entries.find((entry) => entry.name === name);
  const digest = wantedDigest.value;
  const isLinked = ({ sha256 }: CatalogueEntry) => digest !== null && sha256.startsWith(digest);
  // A model that was renamed since is still the same.
  const wanted = named && digest !== null && !isLinked(named) ? (entries.find(isLinked) ?? named) : named;
  if (wanted) {
    if (digest !== null && !isLinked(wanted)) notify(messages.peek().modelChanged(wanted.name));
    wantedDigest.value = null;
    modelName.value = wanted.name;
    if (wanted.sha256 !== model.peek()?.sha256 || wanted.name !== model.peek()?.name) startModel(wanted);
    return;
  }
  if (name !== null) notify(messages.peek().otherModel(name));
  // From here on links name the model, so that they show the same dog when there is a newer one.
  modelName.value = entries[0]!.name;
});

/** Starts over after a failure, with the list of models that the server has now. */
export async function startAgain(): Promise<void> {
  model.value = null;
  await startEngine({ anew: true });
}
