/** @module What the next training will be: its start, size and settings. */
import {
  type Config,
  configFrom,
  conflictIn,
  grownConfig,
  grows,
  isLegal,
  legalText,
  presetConfig,
  type Setting,
  type SettingName,
  settingNames,
  settings,
  transferredSettings,
} from '@latent-dogs/dcgan/settings';
import type { ModelManifest } from '@latent-dogs/latent';
import { computed, effect, signal } from '@preact/signals';
import { type CatalogueEntry, loadManifest, modelAddress } from '../../engine/catalogue.ts';
import { catalogue } from '../../engine/engine.ts';
import type { Size } from '../photos/cut-file.ts';
import { cutName } from '../photos/photo.ts';
import { photos } from './photos.ts';
import { begin } from './training.ts';

/** Photos that are enough with a model to start from. */
export const ENOUGH_FOR_MODEL = 30;
/** Photos that are enough to start from nothing: docs/recipe.md. */
export const ENOUGH_FOR_SCRATCH = 2_000;
/** Images of a training from nothing: a tab does not stay open for days. */
const SCRATCH_IMAGES = 200_000;
const STEPS_PER_TICK = 10;
const SHEET_EVERY = 2_000;

/** What `pnpm train` can go on with everywhere. */
const COMPUTE = { backend: 'onnxruntime', device: 'cpu' } as const;

/** Settings without a meaning here, or with a control of their own. */
const HIDDEN: ReadonlySet<SettingName> = new Set([
  'preset',
  'data',
  'from',
  'size',
  'photoSize',
  'crop',
  'backend',
  'device',
  'precision',
  'evaluateEvery',
  'holdOut',
]);

export const size = signal<Size>(64);
/** The chosen start: a model's name, null for random weights, undefined before a choice. */
export const chosenStart = signal<string | null | undefined>(undefined);
/** Settings that differ from the defaults. */
export const changes = signal<Partial<Config>>({});

/** The models that a training of the chosen size can start from: those of that size, then smaller ones, which grow. */
export const starts = computed(() => {
  const can = catalogue.value.filter((entry) => entry.starts?.includes(size.value));
  return can.sort((a, b) => b.size - a.size);
});

/** The model to start from; null: random weights. */
export const startEntry = computed<CatalogueEntry | null>(() => {
  const chosen = chosenStart.value;
  if (chosen === null) return null;
  return starts.value.find(({ name }) => name === chosen) ?? starts.value[0] ?? null;
});

const startManifest = signal<ModelManifest | null>(null);

effect(() => {
  const entry = startEntry.value;
  startManifest.value = null;
  if (!entry) return;
  loadManifest(entry).then(
    (manifest) => {
      if (startEntry.peek() === entry) startManifest.value = manifest;
    },
    () => {
      chosenStart.value = null;
    },
  );
});

/** The settings of the training behind the model; null if this version cannot read them. */
const sourceConfig = computed(() => configFrom(startManifest.value?.training.config));

/** The settings of a model's training, of networks of the chosen size; photos come cut, and nothing here is in half precision. */
const atSize = (source: Config, wanted: Size): Config => ({
  ...(grows(source, { size: wanted }) ? grownConfig(source) : source),
  ...{ photoSize: null, crop: 'center', precision: 'fp32' },
});

/** The default settings; null while the model's are on their way. */
const defaults = computed<Config | null>(() => {
  const entry = startEntry.value;
  if (entry && !sourceConfig.value) return null;
  const own: Partial<Config> = { data: 'photos', size: size.value, evaluateEvery: 0, holdOut: 0, ...COMPUTE };
  const config = entry
    ? transferredSettings(atSize(sourceConfig.value!, size.value), entry.name, own)
    : { ...presetConfig('dogs', 'photos'), ...own, images: SCRATCH_IMAGES };
  return { ...config, tickEvery: STEPS_PER_TICK * config.batch, sheetEvery: SHEET_EVERY };
});

/** The settings that can be changed; those that the model's networks fix cannot. */
export const shownSettings = computed<SettingName[]>(() =>
  settingNames().filter(
    (name) => !HIDDEN.has(name) && !(startEntry.value && (settings[name] as Setting<unknown>).onTransfer === 'network'),
  ),
);

export const planned = computed<Config | null>(() => {
  const base = defaults.value;
  if (!base) return null;
  const shown = new Set(shownSettings.value);
  const own = Object.entries(changes.value).filter(([name]) => shown.has(name as SettingName));
  return { ...base, ...Object.fromEntries(own) };
});

/** What is legal for a setting that is not, or for one that contradicts another; null if all is well. */
export const problem = computed<{ name: SettingName; legal: string } | null>(() => {
  const config = planned.value;
  if (!config) return null;
  const illegal = shownSettings.value.find((name) => !isLegal(settings[name], config[name]));
  if (illegal) return { name: illegal, legal: legalText(settings[illegal]) };
  const conflict = conflictIn(config);
  return conflict && { name: conflict.name, legal: conflict.message };
});

export const canStart = computed(() => photos.value.size > 0 && planned.value !== null && problem.value === null);

export function change(name: SettingName, value: unknown): void {
  changes.value = { ...changes.value, [name]: value };
}

export function start(): void {
  const config = planned.peek();
  const entry = startEntry.peek();
  if (!config || !canStart.peek()) return;
  const cuts = [...photos.peek().values()].map(({ photo }) => cutName(photo));
  const manifest = startManifest.peek();
  const file = manifest?.training.weights?.file;
  const model =
    entry && manifest && file ? { manifest, weights: entry.local?.files.get(file) ?? modelAddress(entry, file) } : null;
  // Otherwise browsers may delete what a page keeps when the device gets full.
  void navigator.storage.persist?.();
  begin(config, cuts, model);
}
