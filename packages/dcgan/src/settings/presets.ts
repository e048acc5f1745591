/** @module One dial that decides many: `--preset` sets every option that the command line leaves alone. */
import type { Config } from './config.ts';

type Recipe = Omit<Config, 'preset' | 'data'>;

/** DCGAN as published (Radford, Metz & Chintala 2016), at the width of PyTorch's well-known example of it. */
const paper: Recipe = {
  size: 64,
  photoSize: null,
  crop: 'center',
  flip: false,
  channels: 64,
  latent: 100,
  batch: 64,
  images: 2_000_000,
  lrG: 2e-4,
  lrD: 2e-4,
  decayImages: 0,
  beta1: 0.5,
  beta2: 0.999,
  loss: 'bce',
  normD: 'batch',
  spectral: false,
  r1: 0,
  r1Every: 16,
  emaImages: 0,
  augment: [],
  upsample: 'transposed',
  attention: 0,
  seed: 0,
  backend: 'auto',
  device: 'auto',
  precision: 'fp32',
  tick: 1_000,
  sheet: 20_000,
  checkpoint: 20_000,
  evaluate: 20_000,
  guard: true,
};

/**
 * The set-up this project grew from: 12,500 photos in 250 batches, 100 epochs, two learning rates to hunt for, a D without
 * normalisation and a loss that can die.
 */
const seed: Recipe = {
  ...paper,
  photoSize: 128,
  batch: 50,
  images: 1_250_000,
  lrG: 1e-6,
  lrD: 1e-4,
  normD: 'none',
  loss: 'bce-clamped',
};

/** The best of those compared in docs/recipe.md. */
const dogs: Recipe = {
  ...paper,
  flip: true,
  channels: 32,
  batch: 32,
  loss: 'non-saturating',
  emaImages: 10_000,
  augment: ['translation'],
  upsample: 'nearest',
};

/** Drawn dogs are for a first look: under three minutes on two cores, most of them with dogs to see. */
const firstLook = {
  channels: 24,
  batch: 16,
  augment: [],
  upsample: 'transposed',
  images: 20_000,
  tick: 320,
  sheet: 2_000,
  checkpoint: 4_000,
  evaluate: 10_000,
} satisfies Partial<Recipe>;

const recipes: Record<Config['preset'], Recipe> = { paper, seed, dogs };

/** The settings of `preset`, for photos at `data` or, with null, for drawn dogs. */
export function presetConfig(preset: Config['preset'], data: string | null): Config {
  return { preset, data, ...recipes[preset], ...(data === null && preset === 'dogs' ? firstLook : {}) };
}

/** The settings of `config` that its preset would have set otherwise. */
export function changedFromPreset(config: Config): (keyof Config)[] {
  const preset = presetConfig(config.preset, config.data);
  return (Object.keys(preset) as (keyof Config)[]).filter((key) => String(preset[key]) !== String(config[key]));
}
