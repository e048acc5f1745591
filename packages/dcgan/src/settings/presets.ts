/** @module `--preset`: the value of every setting that the command line does not give. */
import { type Config, type SettingName, settingNames, settings } from './settings.ts';

type Recipe = Partial<Omit<Config, 'preset' | 'data' | 'from'>>;

/** What each preset changes relative to DCGAN as published (`value` in the table of settings). */
const recipes: Record<Config['preset'], Recipe> = {
  paper: {},
  /**
   * The student project that this one grew from: 12,500 photos in 250 batches, 100 epochs, separate learning rates for G and
   * D (found by a search), a D without normalisation, and a loss whose gradient can vanish.
   */
  student: {
    photoSize: 128,
    batch: 50,
    images: 1_250_000,
    lrG: 1e-6,
    lrD: 1e-4,
    normD: 'none',
    loss: 'bce-clamped',
  },
  /** The best recipe in docs/recipe.md. */
  dogs: {
    images: 560_000,
    flip: true,
    channels: 32,
    batch: 32,
    emaImages: 10_000,
    augment: ['translation'],
    upsample: 'nearest',
  },
};

/** The `dogs` preset without photos is a demo on drawn dogs: under three minutes on two cores. */
const firstLook = {
  channels: 24,
  batch: 16,
  augment: [],
  images: 20_000,
  tickEvery: 320,
  sheetEvery: 2_000,
  checkpointEvery: 4_000,
  evaluateEvery: 10_000,
} satisfies Recipe;

/** A training that starts from trained weights is short, so it is watched more closely: ten minutes on one core at 64x64. */
const transfer = {
  images: 60_000,
  sheetEvery: 2_000,
  checkpointEvery: 5_000,
  evaluateEvery: 5_000,
} satisfies Recipe;

/**
 * The settings of `preset` for the photos at `data`; null: for drawn dogs.
 *
 * @param trained whether the training starts from trained weights (`--from`).
 */
export function presetConfig(preset: Config['preset'], data: string | null, trained = false): Config {
  const published = Object.fromEntries(settingNames().map((name) => [name, settings[name].value])) as Config;
  const occasion = trained ? transfer : data === null && preset === 'dogs' ? firstLook : {};
  return { ...published, ...recipes[preset], ...occasion, preset, data };
}

/** The preset's values of the settings of `config`. */
export const presetOf = ({ preset, data, from }: Config): Config => presetConfig(preset, data, from !== null);

/** Names of the settings of `config` that differ from its preset. */
export function changedFromPreset(config: Config): SettingName[] {
  const preset = presetOf(config);
  return settingNames().filter((name) => String(preset[name]) !== String(config[name]));
}
